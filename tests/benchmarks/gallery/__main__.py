"""Writes the pictures and results of the examples into `resources/gallery`.

    python -m tests.benchmarks.gallery [NAME…]     the named examples, or all whose run changed

Examples are trained on one CPU thread; those with stored weights are restored. Results are cached
in `.benchmarks/gallery`, so an interrupted call continues.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import torch
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from dlstudio.app import make_application
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.library.example_results import (
    FOLDER,
    RESULTS,
    StoredResult,
    picture_path,
    run_fingerprint,
    stored_results,
)
from dlstudio.design.library.examples import HISTORY, example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.gui.style.theme import THEMES, apply_theme
from dlstudio.network.check.inference import Checker
from dlstudio.resources import resource
from tests.benchmarks.gallery.example_picture import draw_example
from tests.benchmarks.gallery.example_results import ExampleResult, measure

COLOURS = 96
MAX_BYTES = 1_500_000
MAIN_METRICS = (
    "balanced_accuracy",
    "mean_iou",
    "sequence_accuracy",
    "label_accuracy",
    "accuracy",
    "mae",
)
"""Metrics that describe a result, the first that was measured."""
GENERATIVE_TASKS = ("adversarial", "diffusion", "variational")
"""Tasks whose metrics say little about their samples."""


def main() -> int:
    """Write the results and pictures; return 1 if they weigh too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    make_application()
    (resource("examples").parent / FOLDER).mkdir(exist_ok=True)
    results = dict(stored_results())
    for name in arguments.names or _changed(results):
        results[name] = _write(name)
        print(f"{name}: {results[name].metric} {results[name].value:.4g}", flush=True)
        _store(results)
    _store({name: results[name] for name in example_names() if name in results})
    size = sum(path.stat().st_size for path in resource(FOLDER).iterdir())
    print(f"{size:,} bytes in {resource(FOLDER)}")
    return 1 if size > MAX_BYTES else 0


def _changed(results: Mapping[str, StoredResult]) -> list[str]:
    """Return the examples whose results are missing or belong to another run."""
    return [
        name
        for name in example_names()
        if name not in results
        or results[name].fingerprint != run_fingerprint(load(example_path(name)))
    ]


def _write(name: str) -> StoredResult:
    """Train an example, write its pictures and return its result."""
    project = load(example_path(name))
    mark = run_fingerprint(project)
    result = ExampleResult(mark, False, None, False, _parameters(project), {})
    if name not in HISTORY:
        result = measure(name)
    has_picture = False
    for theme in THEMES.values():
        apply_theme(theme.name)
        image = draw_example(name, theme)
        if image is not None:
            picture_path(name, theme.name).write_bytes(compressed(image))
            has_picture = True
    metric, value = _main_metric(project, result.metrics)
    graphs = (project.graph, *(block.graph for block in project.blocks.values()))
    return StoredResult(
        fingerprint=mark,
        source=project.data.source,
        task=project.training.task,
        kinds=tuple(sorted({node.kind for graph in graphs for node in graph.nodes.values()})),
        parameters=result.parameters or _parameters(project),
        seconds=None if result.seconds is None else round(result.seconds, 2),
        estimated=result.estimated,
        trained=result.trained,
        metric=metric,
        value=round(value, 5),
        has_picture=has_picture,
    )


def compressed(image: QImage) -> bytes:
    """Return an image as a PNG with few colours."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    picture = Image.open(io.BytesIO(buffer.data().data())).convert("RGB")
    output = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(output, "PNG", optimize=True)
    return output.getvalue()


def _main_metric(project: Project, metrics: Mapping[str, float]) -> tuple[str, float]:
    if project.training.task in GENERATIVE_TASKS:
        return "", 0.0
    names = [f"{subset}_{metric}" for subset in ("test", "validation") for metric in MAIN_METRICS]
    name = next((name for name in names if name in metrics), "")
    return name, metrics.get(name, 0.0)


def _parameters(project: Project) -> int:
    return Checker().check(project, info_of(project.data)).cost.parameters


def _store(results: Mapping[str, StoredResult]) -> None:
    content = {name: asdict(result) for name, result in results.items()}
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    (resource(FOLDER) / RESULTS).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
