"""Views of an installed plug-in package, and what a run without a window records for them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from dlstudio.insight.series.series import WEIGHT_NORM, read_series
from dlstudio.training.storage.snapshots import list_snapshots
from tests.cli.outcome import Outcome
from tests.plugin_package import install_package, plugin_environment, write_entry_points

PACKAGE = ("tiny_views", "dlstudio.views")
VIEWS = """
from dlstudio.insight.views.spec import ViewSpec

VIEWS = (ViewSpec("growth", "Growth", "Draws.", "series", "slow", "tiny_views.draw"),)
"""
TRAIN = ("--epochs", 1, "--device", "cpu", "--threads", 1, "--json")


def test_layers_are_recorded_where_a_view_needs_them(
    tmp_path: Path, digits: Path, dlstudio: Callable[..., Outcome]
) -> None:
    site = install_package(tmp_path, "tiny_views", {"__init__": VIEWS})
    write_entry_points(site, *PACKAGE, "tiny = tiny_views:VIEWS")
    losses = []
    for name, environment in (("with", plugin_environment(site)), ("without", {})):
        run = tmp_path / name
        outcome = dlstudio("train", digits, *TRAIN, "--run-dir", run, env=environment)
        assert (outcome.status, outcome.err) == (0, "")
        losses.append(outcome.records[-1]["validation_loss"])
        assert len(list_snapshots(run)) >= 2
    series = read_series(tmp_path / "with")
    assert series.steps[0] == 1
    assert all(np.isfinite(values).all() for values in series.values[WEIGHT_NORM].values())
    assert read_series(tmp_path / "without").steps.size == 0
    assert losses[0] == losses[1]
