"""General code names no particular layer, task, loss, data source or view: registries do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import dlstudio
from dlstudio.data.sources.framework.source import SourceSpec
from dlstudio.data.sources.sources import SOURCES
from dlstudio.insight.views.registry import VIEWS
from dlstudio.layers.registry import KINDS
from dlstudio.training.specs.core.task_spec import TaskSpec
from dlstudio.training.specs.registry import LOSSES, TASKS

PACKAGE = Path(str(dlstudio.__file__)).parent
REGISTRIES: Mapping[str, Mapping[str, object]] = {
    "layer": KINDS,
    "task": TASKS,
    "loss": LOSSES,
    "source": SOURCES,
    "view": VIEWS,
}
CONTENT = ("design/library/example_cards.py", "gui/gallery/synonyms.py")
"""Texts about examples, and the words by which people search for them."""
HOMES: Mapping[str, tuple[str, ...]] = {
    "layer": ("layers", "training/readiness", "training/specs/first_network.py", *CONTENT),
    "task": ("training/specs", "data/sources", *CONTENT),
    "loss": (
        "training/specs",
        "training/options/losses.py",
        "training/tasks",
        "training/readiness",
        *CONTENT,
    ),
    "source": ("data/sources/specs", "training/specs", *CONTENT),
    "view": ("insight/views", *CONTENT),
}
"""Where names are declared, or are the matter of the code.

Rules of readiness insert and resize particular layers, and know what a loss expects. A source
declares its usual task and a task its usual source. The code of a task computes its losses.
"""
ORDINARY = frozenset(
    {
        "activations", "add", "attention", "bilinear", "constant", "dates", "dropout", "embedding",
        "input", "linear", "max", "mean", "output", "perceptron", "points",
        "reconstruction", "relu", "repeat", "samples", "scale", "series", "shapes", "shift",
        "split", "step", "sum", "tanh", "text"
    }
)  # fmt: skip
"""Names that are words or identifiers of other things too: a role, a setting, a JSON key, an icon,
a file, an argument of torch. This test cannot tell which one is meant."""
ALLOWED: Mapping[tuple[str, str], str] = {
    ("design/model/data_settings.py", "digits"): "the data of a new design",
    ("design/model/training_settings.py", "classification"): "the task of a new design",
    ("design/model/training_settings.py", "cross-entropy"): "the loss of a new design",
    ("data/folders/mask_pairs.py", "segmentation"): "a usual name of a folder of masks",
    ("data/sources/info/images.py", "digits"): "characters that a source prints",
    ("gui/canvas/model/suggestions.py", "flatten"): "changes nothing on a single axis",
    ("gui/actions/view_actions.py", "anomalies"): "the shortcut of a view",
    ("gui/actions/view_actions.py", "probe"): "the shortcut of a view",
    ("gui/window/screenshot.py", "conv2d"): "what looks best on a picture",
    ("gui/window/screenshot.py", "conv1d"): "what looks best on a picture",
}

TITLED: Mapping[str, Mapping[str, TaskSpec | SourceSpec]] = {"task": TASKS, "source": SOURCES}
ORDINARY_TITLES = frozenset({"Folder of images", "Reconstruction", "Shapes", "Text", "Time series"})
"""Titles that are ordinary words of menus and explanations too."""


def strings_of(tree: ast.AST) -> Iterator[str]:
    """Yield the constant strings of a module, but not its docstrings."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from [] if id(node) in docstrings else [node.value]


@cache
def strings_by_file() -> Mapping[str, frozenset[str]]:
    return {
        file.relative_to(PACKAGE).as_posix(): frozenset(
            strings_of(ast.parse(file.read_text(encoding="utf-8")))
        )
        for file in PACKAGE.rglob("*.py")
    }


def names_in_general_code(registry: str) -> set[tuple[str, str]]:
    names = REGISTRIES[registry].keys() - ORDINARY
    return {
        (file, name)
        for file, strings in strings_by_file().items()
        if not file.startswith(HOMES[registry])
        for name in names & strings
    }


@pytest.mark.parametrize("registry", REGISTRIES)
def test_general_code_names_nothing_of_a_registry(registry: str) -> None:
    named = names_in_general_code(registry)
    assert named <= ALLOWED.keys(), sorted(named - ALLOWED.keys())


@pytest.mark.parametrize("registry", TITLED)
def test_messages_quote_no_title_of_a_registry(registry: str) -> None:
    titles = {spec.title for spec in TITLED[registry].values()} - ORDINARY_TITLES
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, sorted(titles)))})\b")
    quoted = {
        (file, text)
        for file, strings in strings_by_file().items()
        if not file.startswith(HOMES[registry])
        for text in strings
        if pattern.search(text)
    }
    assert not quoted, sorted(quoted)


def test_no_exception_is_left_over() -> None:
    named = set().union(*map(names_in_general_code, REGISTRIES))
    assert ALLOWED.keys() <= named, sorted(ALLOWED.keys() - named)
    assert set().union(*REGISTRIES.values()) >= ORDINARY
