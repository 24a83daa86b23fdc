"""What a network wrote, marked right and wrong token by token."""

from __future__ import annotations

import torch

from dlstudio.data.vocabulary import Vocabulary
from dlstudio.insight.sample_views import Line, Piece
from dlstudio.insight.written import steps, written
from dlstudio.training.sampling import Samples

LETTERS = Vocabulary(("", *"abcd\n"))


def lines(form: str, words: Vocabulary = LETTERS, **tokens: list[int]) -> Line:
    tensors = {name: torch.tensor([row]) for name, row in tokens.items()}
    (line,) = written(Samples(form, tensors), words)
    return line


def test_what_goes_on_stands_behind_what_was_given() -> None:
    line = lines("continued", given=[1, 2], generated=[3])
    assert line == Line((Piece("ab", "given"), Piece("c", "made")))


def test_words_stay_apart() -> None:
    words = Vocabulary(("", "good", "film"), "words")
    assert lines("continued", words, given=[1], generated=[2]).text == "good film"
    assert lines("filled", words, given=[1, 0], generated=[1, 2], wanted=[1, 2]).text == "good film"


def test_only_what_was_hidden_is_right_or_wrong() -> None:
    line = lines("filled", given=[1, 0, 0], generated=[1, 2, 3], wanted=[1, 2, 5])
    assert line == Line(
        (Piece("a", "given"), Piece("b", "right"), Piece("c", "wrong", "↵")), None, (2, 1)
    )
    assert lines("filled", given=[1, 0], generated=[1, 2]).pieces[1] == Piece("b", "made")


def test_a_translation_is_right_up_to_its_end_as_a_whole() -> None:
    right = lines("translated", given=[1, 2, 0], generated=[2, 1, 0], wanted=[2, 1, 0])
    assert right == Line((Piece("ab → ", "given"), Piece("ba", "right")), True)
    short = lines("translated", given=[1, 0, 0], generated=[2, 0, 4], wanted=[2, 1, 0])
    assert short.pieces[1:] == (Piece("b", "right"), Piece("·", "wrong", "a"))
    assert short.right is False
    long = lines("translated", given=[1, 0, 0], generated=[2, 1, 0], wanted=[2, 0, 0])
    assert long.pieces[-1] == Piece("a", "wrong", "·")


def test_classes_are_marked_step_by_step() -> None:
    line = steps(torch.tensor([0, 1]), torch.tensor([0, 2]), ("-", "1", "2"))
    assert line == Line((Piece("-", "right"), Piece("1", "wrong", "2")), False)
