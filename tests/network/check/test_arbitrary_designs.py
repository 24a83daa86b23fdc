"""Checking any design, however malformed, returns a report."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlstudio.design.model.model import Block, Edge, Graph, Node, Parameter, Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import (
    Clipping,
    Optimiser,
    ParameterGroup,
    Schedule,
    TrainingSettings,
)
from dlstudio.design.model.values import Ref
from dlstudio.layers.registry import KINDS
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from tests.network.design_builders import IMAGES

IDS = ("input_1", "a", "b", "c", "output_1", "stage_1")
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.sampled_from([10**6, 10**9, 2**63, 10**30]),
    st.sampled_from([0.5, -1.0, math.inf, math.nan, 1e300]),
    st.sampled_from(["same", "zeros", "x", "", "default"]),
    st.builds(
        Ref, st.sampled_from(["classes", "width", "gone"]), st.integers(-2, 3), st.integers(-1, 3)
    ),
)
values = st.one_of(plain, st.tuples(plain), st.tuples(plain, plain), st.tuples(plain, plain, plain))


@st.composite
def nodes(draw: Any, name: str) -> Node:
    kind = draw(st.sampled_from([*KINDS, "hypercube", "block", "block_input", "block_output", ""]))
    if name.startswith(("input", "output")):
        kind = name[:-2]
    declared = list(KINDS[kind].declarations()) if kind in KINDS else []
    names = st.sampled_from([*declared, "block", "repeat", "share", "values", "nonsense"])
    given_settings = draw(st.dictionaries(names, values, max_size=4))
    if kind == "block":
        given_settings |= {"block": draw(st.sampled_from(["stage", "gone"]))}
    source = draw(st.sampled_from([None, None, None, *IDS, "gone"]))
    return Node(name, kind, given_settings, weights_from=source)


ports = st.sampled_from(["input", "inputs", "output", "a", "", "nowhere"])
edges = st.builds(
    Edge,
    st.sampled_from(IDS),
    st.sampled_from(IDS),
    st.sampled_from(["output", "output", "output", "b", "nowhere"]),
    ports,
    st.integers(0, 2),
)


@st.composite
def graphs(draw: Any) -> Graph:
    known = {name: draw(nodes(name)) for name in draw(st.sets(st.sampled_from(IDS)))}
    wires = draw(st.lists(edges, max_size=10))
    valid_wires = [wire for wire in wires if wire.source in known and wire.target in known]
    return Graph(known, {wire.key: wire for wire in valid_wires})


numbers = st.one_of(st.integers(-2, 5), st.sampled_from([0.1, math.nan, -1.0, "x", None, 10**30]))
names = st.sampled_from(["adam", "sgd", "norm", "step", "plateau", "constant", "none", "", "x"])
groups = st.builds(
    ParameterGroup,
    optimiser=st.builds(Optimiser, names, numbers, numbers),
    schedule=st.builds(Schedule, names, st.dictionaries(names, plain, max_size=2)),
    clipping=st.builds(Clipping, names, numbers),
)
training_settings = st.builds(
    TrainingSettings,
    task=st.sampled_from(["classification", "regression", "", "x"]),
    loss=st.sampled_from(["cross-entropy", "binary", "mse", "x"]),
    loss_settings=st.dictionaries(st.sampled_from(["label_smoothing", "x"]), plain, max_size=2),
    batch_size=numbers,
    epochs=numbers,
    device=st.sampled_from(["auto", "cpu", "toaster"]),
    groups=st.lists(groups, max_size=2).map(tuple),
)
projects = st.builds(
    lambda graph, inner, recipe, default: Project(
        graph=graph,
        blocks={"stage": Block("stage", "Stage", (Parameter("width", default),), inner)},
        training=recipe,
    ),
    graphs(),
    graphs(),
    training_settings,
    plain,
)

CHECKER = Checker()


@settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(projects, st.sampled_from([IMAGES, DatasetInfo()]))
def test_any_design_gets_a_report(project: Project, facts: DatasetInfo) -> None:
    report = check_project(project, CHECKER, facts)
    for problem in report.problems:
        assert problem.text
        assert problem.code
    if report.ok:
        assert report.nodes
