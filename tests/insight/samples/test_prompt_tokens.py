from __future__ import annotations

import pytest

from dlstudio.data.core.vocabulary import Vocabulary
from dlstudio.insight.samples.prompt_tokens import with_prompt_tokens
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.errors import TrainingError

LETTERS = Vocabulary(("", *"abc "))
WORDS = Vocabulary(("", "good", "film"), "words")


def tokens(text: str, vocabulary: Vocabulary, *, masked: bool = False) -> tuple[int, ...]:
    return with_prompt_tokens(SampleRequest(text=text), vocabulary, masked=masked).prompt


def test_text_is_encoded_as_tokens() -> None:
    assert tokens("cab", LETTERS) == (3, 1, 2)
    assert tokens("good  film", WORDS) == (1, 2)
    assert tokens("", LETTERS) == ()
    assert tokens("é", Vocabulary(tuple("x" * 256), "bytes")) == tuple("é".encode())


@pytest.mark.parametrize("text", ["a_c", "a[mask]c"])
def test_mask_becomes_a_padding_token(text: str) -> None:
    assert tokens(text, LETTERS, masked=True) == (1, 0, 3)


def test_masks_work_between_words() -> None:
    assert tokens("good _ [mask]", WORDS, masked=True) == (1, 0, 0)


def test_known_underscore_is_not_a_mask() -> None:
    vocabulary = Vocabulary(("", *"_ab"))
    assert tokens("a_[mask]", vocabulary, masked=True) == (2, 1, 0)
    with pytest.raises(TrainingError, match="Nothing is hidden"):
        tokens("a_b", vocabulary, masked=True)


@pytest.mark.parametrize(
    ("text", "vocabulary", "message"),
    [
        ("aBc", LETTERS, "“B” is not among the 4 characters of this data. Use lower case."),
        ("xa!", LETTERS, "“x”, “!” are not among the 4 characters of this data. Leave them out."),
        ("bad film", WORDS, "“bad” is not among the 2 words of this data. Leave it out."),
        ("a_b", LETTERS, "“_” is not among the 4 characters of this data. Leave it out."),
    ],
)
def test_unknown_tokens_are_listed(text: str, vocabulary: Vocabulary, message: str) -> None:
    with pytest.raises(TrainingError) as caught:
        tokens(text, vocabulary)
    assert str(caught.value) == message
