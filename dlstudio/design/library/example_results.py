"""Reads what training the examples took and reached, as measured by the gallery's command.

`resources/gallery/results.json` is written by `python -m tests.benchmarks.gallery`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dlstudio.design.library.files import dumps
from dlstudio.design.model.model import Project
from dlstudio.resources import resource

FOLDER = "gallery"
RESULTS = "results.json"


@dataclass(frozen=True, slots=True)
class StoredResult:
    """The stored result of one example.

    Attributes:
        fingerprint: `run_fingerprint` of the design that was trained.
        source: Name of its data source; `task` its task, `kinds` the kinds of its layers.
        parameters: Number of parameters; 0 if unknown.
        seconds: Time to train on one CPU core; None if it was not trained.
        estimated: Whether the time is extrapolated from the first steps.
        trained: Whether trained weights ship with the example.
        metric: Full name of the metric that describes the result, such as `test_accuracy`; empty
            without one.
        value: Value of the metric.
        has_picture: Whether there are pictures, one for each theme.
    """

    fingerprint: str
    source: str
    task: str
    kinds: tuple[str, ...] = ()
    parameters: int = 0
    seconds: float | None = None
    estimated: bool = False
    trained: bool = False
    metric: str = ""
    value: float = 0.0
    has_picture: bool = False


@cache
def stored_results() -> Mapping[str, StoredResult]:
    """Return the stored results by example name; empty if the file is missing or damaged."""
    try:
        content = json.loads(resource(FOLDER, RESULTS).read_text(encoding="utf-8"))
        return {name: _decode(values) for name, values in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def run_fingerprint(project: Project) -> str:
    """Return a fingerprint of what a design's file says about its run.

    Unlike that of `changes.fingerprint`, it does not change when a new version of dlstudio adds a
    setting that the file does not use.
    """
    content = json.loads(dumps(project))
    values = {key: content[key] for key in ("graph", "blocks", "data", "training")}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def picture_path(name: str, theme: str) -> Path:
    """Return the path of an example's picture for the theme `light` or `dark`."""
    return resource(FOLDER) / f"{name}-{theme}.png"


def _decode(values: Mapping[str, Any]) -> StoredResult:
    return StoredResult(**{**values, "kinds": tuple(values["kinds"])})
