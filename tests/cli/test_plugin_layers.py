"""Layer kinds of an installed plug-in package."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dlstudio.design.library.files import load, save
from dlstudio.design.model.model import Edge, Graph, Node
from tests.cli.outcome import Outcome
from tests.cli.plugin_layer_code import EARLIER_KINDS, KINDS, MODULES
from tests.plugin_package import (
    install_package,
    plugin_environment,
    run_program,
    write_entry_points,
)

PACKAGE = ("tiny_layers", "dlstudio.layers")

both_versions = pytest.mark.parametrize(
    "site", [KINDS, EARLIER_KINDS], ids=["current", "earlier"], indirect=True
)


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a site-packages folder with the plug-in."""
    source = getattr(request, "param", KINDS)
    modules = {"__init__": source, "modules": MODULES}
    site = install_package(tmp_path, "tiny_layers", modules)
    write_entry_points(site, *PACKAGE, "tiny = tiny_layers:KINDS")
    return site


@pytest.fixture
def amplified_design(digits: Path) -> Path:
    """Return the digits example with the plug-in's layer before its Output."""
    project = load(digits)
    graph = project.graph
    (wire,) = (edge for edge in graph.edges.values() if edge.target == "output_1")
    edge_in, edge_out = Edge(wire.source, "amplify_1"), Edge("amplify_1", "output_1")
    edges = {key: edge for key, edge in graph.edges.items() if edge != wire}
    edges |= {edge_in.key: edge_in, edge_out.key: edge_out}
    nodes = {**graph.nodes, "amplify_1": Node("amplify_1", "amplify", {"factor": 0.5})}
    save(project.with_graph(Graph(nodes, edges)), digits)
    return digits


@both_versions
def test_plugin_layer_is_listed_without_importing_torch(site: Path) -> None:
    program = (
        "import sys\n"
        "from dlstudio.layers.registry import KINDS, PACKAGES, PLUGIN_ERRORS\n"
        "print(KINDS['amplify'].title, sorted(PACKAGES), PLUGIN_ERRORS, 'torch' in sys.modules)"
    )
    output = run_program(site, program)
    assert output == "Amplify ['tiny_layers'] () False\n"


@both_versions
def test_plugin_layer_is_checked_compiled_and_trained(
    site: Path, amplified_design: Path, dlstudio: Callable[..., Outcome]
) -> None:
    arguments = (
        "train",
        amplified_design,
        "--epochs",
        1,
        "--device",
        "cpu",
        "--threads",
        1,
        "--json",
    )
    outcome = dlstudio(*arguments, env=plugin_environment(site))
    assert outcome.status == 0, outcome.err
    assert outcome.err == ""
    assert outcome.records[1]["event"] == "step"
    assert outcome.records[-1]["event"] == "finished"


def test_broken_plugins_are_reported_and_skipped(
    site: Path, digits: Path, dlstudio: Callable[..., Outcome]
) -> None:
    write_entry_points(site, *PACKAGE, "clash = tiny_layers:CLASHING", "gone = gone_layers:KINDS")
    outcome = dlstudio("check", digits, "--json", env=plugin_environment(site))
    assert outcome.status == 0
    assert outcome.records[0]["ok"] is True
    assert outcome.err.splitlines() == [
        "dlstudio: cannot load layers of a package: tiny-layers (gone_layers:KINDS): "
        "ModuleNotFoundError: No module named 'gone_layers'",
        "dlstudio: cannot load layers of a package: tiny-layers (tiny_layers:CLASHING): "
        "there is already a layer kind called 'relu'",
    ]


def test_missing_plugin_is_an_unknown_kind(
    amplified_design: Path, dlstudio: Callable[..., Outcome]
) -> None:
    outcome = dlstudio("check", amplified_design, "--json")
    assert outcome.status == 1
    assert {problem["code"] for problem in outcome.records[0]["problems"]} == {"unknown-kind"}
