from __future__ import annotations

import pytest

from dlstudio.design.library.examples import HISTORY, example_names, sections
from dlstudio.gui.gallery.search import concepts_in, search, suggestions
from dlstudio.gui.gallery.synonyms import IDEAS, SYNONYMS

SECTION_OF = {name: title for title, names in sections().items() for name in names}


def matches(query: str) -> list[str]:
    return search(query, tuple(SECTION_OF), SECTION_OF)


@pytest.mark.parametrize(
    ("query", "examples"),
    [
        ("overfit", {"mnist-dropout", "mnist-mlp"}),
        ("overfitting", {"mnist-dropout"}),
        ("underfit", {"underfitting", "xor-perceptron"}),
        ("decision boundary", {"xor-mlp", "spirals-mlp", "xor-perceptron"}),
        ("GPT", {"gpt-2-small", "gpt-3", "char-transformer"}),
        ("picture classifier", {"digits-cnn", "mnist-cnn", "vit-digits"}),
        ("time series", {"forecast-lstm"}),
        ("autoencoder", {"autoencoder-32", "vae-digits", "denoise"}),
        ("attention", {"vit-digits", "char-transformer", "transformer"}),
        ("CSV", {"breast-cancer-mlp"}),
        ("relu", {"relu-he"}),
        ("translator", {"reverse-words"}),
        ("1998", {"lenet-5"}),
        ("MNIST", {"mnist-cnn", "mnist-simple"}),
        ("history", {"perceptron-1958"}),
        ("XOR neuron", {"xor-perceptron"}),
    ],
)
def test_ideas_find_their_examples(query: str, examples: set[str]) -> None:
    assert examples <= set(matches(query))
    assert len(matches(query)) < len(SECTION_OF) / 1.5


def test_match_in_the_name_comes_first() -> None:
    assert matches("reviews-lstm")[0] == "reviews-lstm"
    assert set(matches("gpt")[:2]) == {"gpt-2-small", "gpt-3"}
    assert matches("dropout")[0] == "mnist-dropout"
    names = matches("lstm")
    by_name = [name for name in names if "lstm" in name]
    assert names[: len(by_name)] == by_name


def test_empty_query_finds_everything_in_order() -> None:
    assert matches("  ") == list(SECTION_OF)


@pytest.mark.parametrize("query", ["atention", "overfiting", "autoencodr", "zzzz", ""])
def test_suggestions_find_something(query: str) -> None:
    ideas = suggestions(query, tuple(SECTION_OF))
    assert len(ideas) == len(set(ideas)) == 3
    assert all(matches(idea) for idea in ideas)


def test_suggestions_are_near() -> None:
    assert suggestions("atention", example_names())[0] == "attention"
    assert suggestions("autoencodr", example_names())[0] == "autoencoder"


def test_synonyms_name_concepts() -> None:
    assert "overfitting" in concepts_in("how to overfit")
    assert not concepts_in("of")
    assert all(word == word.lower() for words in SYNONYMS.values() for word in words)
    assert all(matches(idea) for idea in IDEAS)


def test_every_declared_concept_finds_its_examples() -> None:
    from dlstudio.design.library.example_cards import EXAMPLE_TEXTS

    for name, text in EXAMPLE_TEXTS.items():
        for concept in text.concepts:
            assert name in matches(concept), (name, concept)
    assert set(HISTORY) <= set(EXAMPLE_TEXTS)
