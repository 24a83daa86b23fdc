"""Reports on the built-in examples that ship with dlstudio, so that opening one needs no check.

A report is found by everything it depends on: the design, the dataset info, the registries and the
version. Any difference means that there is none, and the design is checked as usual. Reads and
writes JSON only; must not import torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Repair, Severity, problem_from_values
from dlstudio.design.model.report import Cost, NodeReport, Report
from dlstudio.design.model.signals import Signal
from dlstudio.design.storage.codec import encode_block, encode_graph, encode_training
from dlstudio.design.storage.dataclass_json import read_value, to_json_value
from dlstudio.layers.registry import KINDS
from dlstudio.resources import resource
from dlstudio.training.specs.registry import TASKS
from dlstudio.version import VERSION

FILE_NAME = "reports.json"
MAX_NODES = 200
"""Larger designs, counted without repeats, are not looked up: no example has so many cards."""
_REPORTS = '],"reports":{'
"""The line between nodes and reports."""
Plain = Any


@dataclass(frozen=True, slots=True)
class StoredReport:
    """The report on a design.

    Attributes:
        is_complete: Whether it is the whole report on every computer; False if it depends on the
            free memory whether the design can be trained.
    """

    report: Report
    is_complete: bool


def stored_report(project: Project) -> StoredReport | None:
    """Return the stored report on exactly this design, None if there is none."""
    graphs = (project.graph, *(block.graph for block in project.blocks.values()))
    if sum(len(graph.nodes) for graph in graphs) > MAX_NODES:
        return None
    content = _read_file()
    line = content.reports.get(report_key(project))
    return None if line is None else _decode(json.loads(line), content.nodes)


def report_key(project: Project) -> str:
    """Return the fingerprint of everything that the report on a design depends on."""
    values = {
        "version": VERSION,
        "registries": [sorted(KINDS), sorted(TASKS), sorted(SOURCES)],
        "graph": encode_graph(project.graph),
        "blocks": {block_id: encode_block(block) for block_id, block in project.blocks.items()},
        "data": to_json_value(project.data),
        "info": to_json_value(info_of(project.data)),
        "training": encode_training(project.training),
    }
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def encode_reports(reports: Iterable[tuple[Project, StoredReport]]) -> str:
    """Return the text of the file with these reports; equal nodes are written once."""
    nodes: dict[str, int] = {}
    encoded = {
        report_key(project): {
            "is_complete": stored.is_complete,
            "nodes": {
                path: nodes.setdefault(_compact(_encode_node(node)), len(nodes))
                for path, node in stored.report.nodes.items()
            },
            "problems": [to_json_value(problem) for problem in stored.report.problems],
        }
        for project, stored in reports
    }
    rows = ",\n".join(nodes)
    lines = ",\n".join(f'"{key}":{_compact(plain)}' for key, plain in encoded.items())
    return f'{{"nodes":[\n{rows}\n{_REPORTS}\n{lines}\n}}}}\n'


@dataclass(frozen=True, slots=True)
class _FileLines:
    """The lines of the file, each parsed only when it is needed.

    Parsing all of it would create so many objects that Python collects garbage for 0.1 s.

    Attributes:
        nodes: The JSON text of each node.
        reports: The JSON text of each report by its key.
    """

    nodes: Sequence[str]
    reports: Mapping[str, str]


@cache
def _read_file() -> _FileLines:
    try:
        lines = resource(FILE_NAME).read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        lines = encode_reports(()).split("\n")
    middle = lines.index(_REPORTS)
    pairs = (line.removesuffix(",").split(":", 1) for line in lines[middle + 1 :] if ":" in line)
    return _FileLines(
        [line.removesuffix(",") for line in lines[1:middle]],
        {key.strip('"'): text for key, text in pairs},
    )


def _compact(plain: Plain) -> str:
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)


def _encode_node(node: NodeReport) -> Plain:
    costs = list(to_json_value(node.cost).values())
    ports = [to_json_value(node.inputs), to_json_value(node.outputs)]
    return [node.kind, *ports, costs, node.blocked_by]


def _decode(plain: Plain, nodes: Sequence[str]) -> StoredReport:
    reports = {
        path: _decode_node(path, json.loads(nodes[index])) for path, index in plain["nodes"].items()
    }
    problems = tuple(_decode_problem(problem) for problem in plain["problems"])
    return StoredReport(Report(reports, problems), plain["is_complete"])


def _decode_node(path: str, plain: Plain) -> NodeReport:
    kind, inputs, outputs, costs, blocked_by = plain
    return NodeReport(
        path,
        kind,
        {port: tuple(map(_decode_signal, signals)) for port, signals in inputs.items()},
        {port: _decode_signal(signal) for port, signal in outputs.items()},
        Cost(*costs),
        blocked_by,
    )


def _decode_signal(plain: Plain) -> Signal:
    return Signal(tuple(plain["shape"]), plain["dtype"], plain["meaning"])


def _decode_problem(plain: Plain) -> Problem:
    repairs = tuple(
        Repair(repair["title"], repair["edit"], read_value(repair["arguments"], "arguments"))
        for repair in plain["repairs"]
    )
    return problem_from_values(
        {**plain, "severity": Severity(plain["severity"]), "repairs": repairs}
    )
