"""What a card of the gallery shows about one example. Uses neither Qt nor torch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.library.example_cards import EXAMPLE_TEXTS, ExampleText
from dlstudio.design.library.example_results import StoredResult, stored_results
from dlstudio.design.library.examples import HISTORY, example_path
from dlstudio.design.library.files import FileError, load
from dlstudio.design.model.model import Project
from dlstudio.gui.widgets.metric_format import format_metric
from dlstudio.training.metrics.metric_names import is_percentage, metric_label, split_name

_LARGE_KINDS = 8
"""An example with more kinds of layers than this is for advanced users."""


@dataclass(frozen=True, slots=True)
class CardInfo:
    """The facts of one example.

    Attributes:
        level: Index in `LEVELS`.
        concepts: Declared ideas that it explains.
        kinds: Kinds of its layers.
        seconds: Text of the time to train, such as `0.5 s`; empty if unknown.
        metric: Text of its result, such as `97.8 %`; empty if unknown.
        subset: Subset of the result, such as `test`.
        download: Text of the size of its download, such as `12 MB`; empty if it needs none.
        year: Year of a famous network, 0 for a lesson.
    """

    name: str
    title: str
    line: str
    level: int
    concepts: tuple[str, ...]
    task: str
    kinds: tuple[str, ...]
    parameters: int = 0
    seconds: str = ""
    metric: str = ""
    subset: str = ""
    trained: bool = False
    download: str = ""
    year: int = 0
    has_picture: bool = False


@cache
def card_info(name: str) -> CardInfo:
    """Return the facts of an example: declared and measured ones, else those of its design."""
    text, result = EXAMPLE_TEXTS.get(name), stored_results().get(name)
    if text is None or result is None:
        try:
            project = load(example_path(name))
        except (FileError, FileNotFoundError):
            project = Project(title=name)
        text = text or _text_of(project)
        result = result or _result_of(project)
    return CardInfo(
        name=name,
        title=text.title,
        line=text.line,
        level=text.level,
        concepts=text.concepts,
        task=result.task,
        kinds=result.kinds,
        parameters=result.parameters,
        seconds=duration_text(result),
        metric=metric_text(result.metric, result.value),
        subset=split_name(result.metric)[0],
        trained=result.trained,
        download=download_text(result.source),
        year=HISTORY.get(name, 0),
        has_picture=result.has_picture,
    )


def duration_text(result: StoredResult) -> str:
    """Return the time to train: `0.5 s`, `~12 min`; empty if it is unknown."""
    seconds = result.seconds
    if seconds is None:
        return ""
    about = "~" if result.estimated else ""
    if seconds < 9.95:
        return f"{about}{max(seconds, 0.1):.1f} s"
    if seconds < 99.5:
        return f"{about}{seconds:.0f} s"
    return f"{about}{max(seconds / 60, 2):.0f} min"


def metric_text(metric: str, value: float) -> str:
    """Return a result: a share alone, another metric with its name; empty without one."""
    if not metric:
        return ""
    text = format_metric(metric, value)
    name = split_name(metric)[1]
    return text if is_percentage(metric) else f"{metric_label(name)} {text}"


def download_text(source: str) -> str:
    """Return the size of a source's first download; empty if it needs none."""
    spec = SOURCES.get(source)
    if spec is None or not spec.download_bytes:
        return ""
    return f"{max(spec.download_bytes / 1e6, 1):.0f} MB"


def _text_of(project: Project) -> ExampleText:
    """Return the text of an example that declares none, from the start of its description."""
    line = project.about.partition("\n")[0]
    kinds = len(_kinds_of(project))
    return ExampleText(project.title, line, 0 if kinds < 6 else 1 if kinds <= _LARGE_KINDS else 2)


def _result_of(project: Project) -> StoredResult:
    """Return what is known of an example without a measurement."""
    return StoredResult(
        fingerprint="",
        source=project.data.source,
        task=project.training.task,
        kinds=_kinds_of(project),
        trained=project.weights is not None,
    )


def _kinds_of(project: Project) -> tuple[str, ...]:
    graphs = (project.graph, *(block.graph for block in project.blocks.values()))
    return tuple(sorted({node.kind for graph in graphs for node in graph.nodes.values()}))
