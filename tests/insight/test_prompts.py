from __future__ import annotations

import pytest

from dlstudio.data.vocabulary import Vocabulary
from dlstudio.insight.prompts import prompted
from dlstudio.training.errors import TrainingError
from dlstudio.training.sampling import SampleRequest

LETTERS = Vocabulary(("", *"abc "))
WORDS = Vocabulary(("", "good", "film"), "words")


def tokens(text: str, words: Vocabulary, *, hidden: bool = False) -> tuple[int, ...]:
    return prompted(SampleRequest(text=text), words, hidden=hidden).prompt


def test_a_text_becomes_the_tokens_of_the_data() -> None:
    assert tokens("cab", LETTERS) == (3, 1, 2)
    assert tokens("good  film", WORDS) == (1, 2)
    assert tokens("", LETTERS) == ()
    assert tokens("é", Vocabulary(tuple("x" * 256), "bytes")) == tuple("é".encode())


@pytest.mark.parametrize("text", ["a_c", "a[mask]c"])
def test_a_mask_hides_a_token(text: str) -> None:
    assert tokens(text, LETTERS, hidden=True) == (1, 0, 3)


def test_masks_stand_among_words() -> None:
    assert tokens("good _ [mask]", WORDS, hidden=True) == (1, 0, 0)


def test_a_line_that_the_data_knows_hides_nothing() -> None:
    words = Vocabulary(("", *"_ab"))
    assert tokens("a_[mask]", words, hidden=True) == (2, 1, 0)
    with pytest.raises(TrainingError, match="Nothing is hidden"):
        tokens("a_b", words, hidden=True)


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        ("aBc", LETTERS, "“B” is not among the 4 characters of this data. Write small letters."),
        ("xa!", LETTERS, "“x”, “!” are not among the 4 characters of this data. Leave them out."),
        ("bad film", WORDS, "“bad” is not among the 2 words of this data. Leave it out."),
        ("a_b", LETTERS, "“_” is not among the 4 characters of this data. Leave it out."),
    ],
)
def test_what_the_data_has_not_is_named(text: str, words: Vocabulary, message: str) -> None:
    with pytest.raises(TrainingError) as caught:
        tokens(text, words)
    assert str(caught.value) == message
