"""The famous networks have the published size, no errors, and readable canvases."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import append_after, set_weights_from
from dlstudio.design.library.examples import HISTORY, example_path
from dlstudio.design.library.files import dumps, load
from dlstudio.design.model.model import BLOCK, Project
from dlstudio.design.model.problems import MEMORY, Severity
from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Ref
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.readiness.check import check_project

PARAMETERS: Mapping[str, int] = {
    "mcculloch-pitts": 2,
    "perceptron": 3,
    "lenet-5": 61_706,
    "alexnet": 61_100_840,
    "vgg-16": 138_357_544,
    "lstm-language-model": 19_780_400,
    "u-net": 31_030_658,
    "dcgan": 3_576_704 + 2_765_568,
    "resnet-18": 11_689_512,
    "resnet-50": 25_557_032,
    "resnet-152": 60_192_808,
    "densenet-121": 7_978_856,
    "transformer": 37_000 * 512 + 6 * (3_152_384 + 4_204_032),
    "mobilenet-v2": 3_504_872,
    "bert-base": 109_482_240,
    "gpt-2-small": 124_439_808,
    "gpt-3": 174_604_259_328,
    "ddpm-u-net": 35_746_307,
    "vit-b-16": 86_567_656,
}
MAX_CARDS = 25
WITHOUT_TARGET = "bert-base"
"""It ends in an embedding: the user has to add the head of a task."""


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker()


def errors(project: Project, checker: Checker) -> dict[str, str]:
    problems = check_project(project, checker).problems
    return {
        problem.code: problem.text for problem in problems if problem.severity is Severity.ERROR
    }


@pytest.mark.parametrize("name", HISTORY)
def test_network_has_the_published_parameter_count_and_no_errors(
    name: str, checker: Checker
) -> None:
    project = load(example_path(name))
    report = checker.check(project, info_of(project.data))
    assert report.cost.parameters == PARAMETERS[name]
    assert report.ok, report.problems
    assert not any(node.blocked_by for node in report.nodes.values())


@pytest.mark.parametrize("name", HISTORY)
def test_canvases_are_small_and_arranged(name: str) -> None:
    project = load(example_path(name))
    for scope in ("", *project.blocks):
        nodes = project.graph_at(scope).nodes
        assert len(nodes) <= MAX_CARDS
        assert project.layout_at(scope).positions.keys() == nodes.keys()
    assert all(block.help for block in project.blocks.values())
    graphs = [project.graph_at(scope) for scope in ("", *project.blocks)]
    all_nodes = [node for graph in graphs for node in graph.nodes.values()]
    used_blocks = {node.settings["block"] for node in all_nodes if node.kind == BLOCK}
    assert used_blocks == set(project.blocks)


@pytest.mark.parametrize("name", HISTORY)
def test_description_names_the_year_and_what_to_notice(name: str) -> None:
    project = load(example_path(name))
    assert str(HISTORY[name]) in project.about
    assert "Notice: " in project.about
    assert dumps(project) == example_path(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", HISTORY)
def test_only_data_or_memory_prevent_training(name: str, checker: Checker) -> None:
    codes = errors(load(example_path(name)), checker).keys()
    assert codes <= {"no-data", "memory", *(("no-target",) if name == WITHOUT_TARGET else ())}


def test_bert_gets_a_masked_token_head_without_new_parameters(checker: Checker) -> None:
    project = load(example_path(WITHOUT_TARGET))
    problems = check_project(project, checker).problems
    missing = next(problem for problem in problems if problem.code == "no-target")
    assert "fill in hidden tokens" in missing.text
    project = apply_repair(project, missing.repairs[0])
    scores = {"out_features": Ref("vocabulary"), "bias": False}
    project, head = append_after(project, "encoder_block_1", "linear", scores)
    project, _ = append_after(project, head, "output", {"role": "next token"})
    project = set_weights_from(project, head, "embedding_1")
    report = check_project(project, checker)
    assert report.cost.parameters == PARAMETERS[WITHOUT_TARGET]
    assert {problem.code for problem in report.problems} == {"no-data"}


def test_gpt_3_warns_of_its_memory_need(checker: Checker) -> None:
    problems = check_project(load(example_path("gpt-3")), checker).problems
    memory = next(problem for problem in problems if problem.code == MEMORY)
    assert "Training needs 3.12 TB" in memory.text
    assert not memory.is_contradiction
    assert memory.prevents_training


def test_mcculloch_pitts_neuron_computes_logical_and() -> None:
    project = load(example_path("mcculloch-pitts"))
    network = compile_design(project, info_of(project.data)).single.module
    corners = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert network(corners).flatten().tolist() == [0.0, 0.0, 0.0, 1.0]


def test_perceptron_gradient_is_error_times_input() -> None:
    project = load(example_path("perceptron"))
    network = compile_design(project, info_of(project.data)).single.module
    neuron = network.get_submodule("linear_1")
    x = torch.tensor([[3.0, -2.0]])
    target = 1 - network(x).detach()
    error = target - network(x).detach()
    torch.nn.functional.mse_loss(network(x), target).backward()  # type: ignore[no-untyped-call]
    torch.testing.assert_close(neuron.weight.grad, -2 * error * x)


@pytest.mark.parametrize("name", ["lenet-5", "lstm-language-model", "dcgan", "ddpm-u-net"])
def test_every_weight_has_a_gradient(name: str, checker: Checker) -> None:
    project = load(example_path(name))
    facts = info_of(project.data)
    reports = checker.check(project, facts).nodes
    for component in compile_design(project, facts).components:
        inputs = [batch_of(reports[binding.path].outputs["output"]) for binding in component.inputs]
        component.module(*inputs).square().mean().backward()
        parameters = dict(component.module.named_parameters())
        assert [parameter for parameter, weight in parameters.items() if weight.grad is None] == []


def batch_of(signal: Signal, samples: int = 2) -> torch.Tensor:
    shape = (samples, *signal.shape)
    return torch.randn(shape) if signal.dtype == "float32" else torch.randint(0, 9, shape)
