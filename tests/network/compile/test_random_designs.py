"""Inference and compilation of random valid designs agree with a node-by-node interpreter."""

from __future__ import annotations

import torch
from hypothesis import HealthCheck, given, settings
from torch import Tensor

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import Compiled, compile_design
from tests.network.random_designs import designs

CHECKER = Checker()
relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def interpret(project: Project, compiled: Compiled, x: Tensor) -> dict[str, Tensor]:
    """Compute every node separately and recursively; return the outputs by path."""
    modules = {}
    for component in compiled.components:
        modules.update(component.module.named_modules())
    outputs: dict[str, Tensor] = {}

    def value(path: str) -> Tensor:
        if path not in outputs:
            wires = [edge for edge in project.graph.edges.values() if edge.target == path]
            inputs = [value(edge.source) for edge in sorted(wires, key=lambda edge: edge.slot)]
            module = modules.get(path)
            outputs[path] = x if not inputs else module(*inputs) if module else inputs[0]
        return outputs[path]

    for path in project.graph.nodes:
        value(path)
    return outputs


@relaxed
@given(designs())
def test_inference_and_compilation_agree_with_an_interpreter(
    design: tuple[Project, DatasetInfo],
) -> None:
    project, facts = design
    report = CHECKER.check(project, facts)
    assert report.ok, report.problems
    compiled = compile_design(project, facts, seed=1)
    for component in compiled.components:
        component.module.eval()
    x = torch.randn(3, *facts.inputs["samples"].shape, generator=torch.Generator().manual_seed(0))

    single = interpret(project, compiled, x)

    for path, value in single.items():
        signal = next(iter(report.nodes[path].outputs.values()))
        assert tuple(value.shape[1:]) == signal.shape
        assert str(value.dtype) == f"torch.{signal.dtype}"
    for component in compiled.components:
        result = component.module(*[x for _ in component.inputs])
        results = result if isinstance(result, tuple) else (result,)
        for binding, value in zip(component.outputs, results, strict=True):
            assert torch.equal(value, single[binding.path])


@relaxed
@given(designs(max_layers=6))
def test_a_caching_checker_agrees_with_a_new_one(
    design: tuple[Project, DatasetInfo],
) -> None:
    project, facts = design
    assert CHECKER.check(project, facts) == Checker().check(project, facts)
