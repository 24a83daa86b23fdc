"""Data sources of an installed plug-in package."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dlstudio.design.library.files import load, save
from dlstudio.design.model.data_settings import DataSettings
from tests.cli.outcome import Outcome
from tests.plugin_package import (
    install_package,
    plugin_environment,
    run_program,
    write_entry_points,
)

PACKAGE = ("tiny_sources", "dlstudio.sources")
SOURCES = """
from dlstudio.data.sources.framework.builtin_info import BuiltinInfo
from dlstudio.data.sources.framework.source import SourceSpec
from dlstudio.layers.framework.settings import Integer

STRIPES = SourceSpec(
    "stripes",
    "Stripes",
    "Tiny",
    "Pictures of stripes, upright or level",
    reader="tiny_sources.readers.read_stripes",
    info="tiny_sources.stripes_info",
    form="pictures",
    options={"samples": Integer(title="Samples", help="How many.", default=60, minimum=10)},
)
SOURCES = (STRIPES,)
CLASHING = (SourceSpec("iris", "Iris", "Tiny", "Iris again", reader="tiny_sources.gone"),)


def stripes_info(options, split):
    return BuiltinInfo((1, 8, 8), options["samples"], ("upright", "level"))
"""
READERS = """
import torch

from dlstudio.data.core.dataset import RawSamples, Subset


def read_stripes(request):
    count = request.options["samples"]
    labels = torch.arange(count) % 2
    upright = (torch.arange(8) % 2 * 255).to(torch.uint8).expand(8, 8)
    images = torch.stack([upright if label == 0 else upright.T for label in labels.tolist()])
    subset = Subset({"samples": images[:, None]}, labels)
    return RawSamples(subset, class_names=("upright", "level"))
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site-packages folder with the plug-in."""
    modules = {"__init__": SOURCES, "readers": READERS}
    site = install_package(tmp_path, "tiny_sources", modules)
    write_entry_points(site, *PACKAGE, "tiny = tiny_sources:SOURCES")
    return site


@pytest.fixture
def striped_design(digits: Path) -> Path:
    """Return the digits example with the plug-in's data."""
    save(replace(load(digits), data=DataSettings("stripes", {"samples": 80})), digits)
    return digits


def test_plugin_source_is_listed_without_importing_torch(site: Path) -> None:
    program = """
import sys
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.sources import PLUGIN_ERRORS, SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.data_form_rows import SOURCE_GROUPS, form_rows
settings = DataSettings("stripes")
print(SOURCES["stripes"].title, SOURCE_GROUPS[-1], PLUGIN_ERRORS, list(form_rows(settings)))
info = info_of(settings)
print(info.inputs["samples"].shape, info.class_names, sum(info.samples.values()))
print("torch" in sys.modules)
"""
    assert run_program(site, program).splitlines() == [
        "Stripes Tiny () ['Split', 'Normalisation', 'Augmentation']",
        "(1, 8, 8) ('upright', 'level') 60",
        "False",
    ]


def test_plugin_source_is_checked_and_trained(
    site: Path, striped_design: Path, dlstudio: Callable[..., Outcome]
) -> None:
    checked = dlstudio("check", striped_design, "--json", env=plugin_environment(site))
    assert (checked.status, checked.err) == (0, "")
    assert checked.records[0]["nodes"]["input_1"]["output_shapes"] == [[1, 8, 8]]
    arguments = (
        "train",
        striped_design,
        "--epochs",
        1,
        "--device",
        "cpu",
        "--threads",
        1,
        "--json",
    )
    trained = dlstudio(*arguments, env=plugin_environment(site))
    assert trained.status == 0, trained.out
    assert [trained.records[0]["event"], trained.records[-1]["event"]] == ["started", "finished"]
    assert sum(trained.records[0][subset] for subset in ("train", "validation", "test")) == 80


def test_broken_plugin_is_reported_and_skipped(
    site: Path, digits: Path, dlstudio: Callable[..., Outcome]
) -> None:
    write_entry_points(
        site, *PACKAGE, "clash = tiny_sources:CLASHING", "gone = gone_sources:SOURCES"
    )
    outcome = dlstudio("check", digits, "--json", env=plugin_environment(site))
    assert (outcome.status, outcome.records[0]["ok"]) == (0, True)
    missing = "dlstudio: cannot load data sources of a package: tiny-sources"
    assert outcome.err.splitlines() == [
        f"{missing} (gone_sources:SOURCES): ModuleNotFoundError: No module named 'gone_sources'",
        f"{missing} (tiny_sources:CLASHING): there is already a data source called 'iris'",
    ]


def test_missing_plugin_is_a_problem_and_survives_saving(
    striped_design: Path, dlstudio: Callable[..., Outcome]
) -> None:
    outcome = dlstudio("check", striped_design, "--json")
    assert outcome.status == 1
    problems = {problem["code"]: problem for problem in outcome.records[0]["problems"]}
    assert "no data source called 'stripes'" in problems["bad-data-setting"]["text"]
    assert dlstudio("train", striped_design, "--json").status == 1
    before = striped_design.read_bytes()
    save(load(striped_design), striped_design)
    assert striped_design.read_bytes() == before
    assert load(striped_design).data == DataSettings("stripes", {"samples": 80})
