"""What must be trained, what must be stored and what must be said: a model in a few values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from safetensors import safe_open

from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.gui.runs.next_run import NextAction
from dlstudio.gui.runs.run_record import stored_design
from dlstudio.gui.runs.session import IDLE, PAUSED
from tests.gui.runs.sequences.studio import Studio

_FILE = "weights.safetensors"
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(slots=True)
class ExpectedRun:
    """A run: the design that it trains, and the settings that it trains with."""

    project: Project
    settings: Mapping[str, Any]


@dataclass(slots=True)
class Expected:
    """The model.

    Attributes:
        history: The states of the design, of which undo and redo show one.
        run: The last run, if it is known.
        runs: All runs by the name of their folders.
        weights: Fingerprint of the weights that a new run begins with; None if untrained.
        source: The design whose network those belong to.
        imported: Whether those were restored as a file, apart from their run.
        stored: Fingerprint of the weights beside the design in each file, or None.
    """

    history: list[Project]
    position: int = 0
    run: ExpectedRun | None = None
    runs: dict[str, ExpectedRun] = field(default_factory=dict)
    weights: str | None = None
    source: Project | None = None
    imported: bool = False
    stored: dict[Path, str | None] = field(default_factory=dict)

    @property
    def shown(self) -> Project:
        """The design as it must be shown."""
        return self.history[self.position]

    def edit(self, project: Project) -> None:
        """Take note of an edit."""
        shown = self.shown
        parts = [(one.graph, one.data, one.training) for one in (project, shown)]
        if parts[0] != parts[1]:
            self.history[self.position + 1 :] = [project]
            self.position += 1

    def load(self, project: Project) -> None:
        """Take note of an opened design."""
        self.history, self.position, self.run, self.weights = [project], 0, None, None
        self.source, self.imported = project, False

    @property
    def fitting_weights(self) -> str | None:
        """Return the weights that may stand beside the shown design; None without any."""
        fits = self.source is not None and needed_shapes(self.source) == needed_shapes(self.shown)
        return self.weights if fits else None

    def obstacles(self) -> list[str]:
        """Return what prevents the last run from going on with the shown design."""
        if self.run is None:
            return ["there is no run"]
        one, other = self.run.project, self.shown
        nouns = ["network"] if network_key(one) != network_key(other) else []
        if one.data.options != other.data.options:
            nouns.append("data")
        if one.data.split.seed != other.data.split.seed:
            nouns.append("seed of the split")
        return nouns


def network_key(project: Project) -> object:
    """Return what a network consists of, apart from what a run can change."""
    nodes = {
        node.id: (node.kind, {k: v for k, v in node.settings.items() if k != "frozen"})
        for node in project.graph.nodes.values()
    }
    return nodes, set(project.graph.edges)


def frozen_layers(project: Project) -> set[str]:
    """Return the layers whose weights do not change."""
    return {node.id for node in project.graph.nodes.values() if node.settings.get("frozen")}


def settings_of(training: TrainingSettings) -> dict[str, Any]:
    """Return the settings that a run can change, by name."""
    (group,) = training.groups
    return {
        "rate": group.optimiser.learning_rate,
        "schedule": group.schedule.name,
        "batch size": training.batch_size,
        "stopping": training.early_stopping.enabled,
        "smoothing": training.loss_settings.get("label_smoothing", 0.0),
        "keep best": training.keep_best,
    }


def design_key(project: Project) -> object:
    """Return all that undo restores."""
    training = project.training
    return (
        network_key(project),
        frozen_layers(project),
        replace(project.data, facts=None),
        settings_of(training),
        training.epochs,
    )


def fingerprint(path: Path) -> str:
    """Return the hash of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stored_shapes(path: Path) -> Shapes:
    """Return the shapes of the tensors in a file of weights."""
    with safe_open(path, "numpy") as file:
        return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118


def needed_shapes(project: Project) -> Shapes:
    """Return the shapes of the parameters of the connected layers."""
    width = project.graph.nodes["linear_1"].settings["out_features"]
    assert isinstance(width, int)
    return {
        "linear_1.weight": (width, 2),
        "linear_1.bias": (width,),
        "linear_2.weight": (2, width),
        "linear_2.bias": (2,),
    }


def check(studio: Studio, expected: Expected) -> None:
    """Compare everything that is shown and stored with the model."""
    assert not studio.failures, studio.failures
    assert not studio.prompts.messages, studio.prompts.messages
    assert design_key(studio.document.project) == design_key(expected.shown), "another design"
    _check_run(studio, expected)
    _check_words(studio, expected)
    for path, weights in expected.stored.items():
        check_stored(path, weights)


def _check_run(studio: Studio, expected: Expected) -> None:
    session, run = studio.session, expected.run
    if run is None:
        assert not session.run.folder, "an unexpected run"
        return
    folder = Path(session.run.folder)
    stored = stored_design(folder)
    assert stored is not None, "the design of the run is missing"
    assert network_key(stored) == network_key(run.project), "another network is trained"
    training = session.run.effective_training()
    assert training is not None
    assert settings_of(training) == run.settings, (settings_of(training), run.settings)
    if session.state == IDLE:
        shapes = stored_shapes(folder / _FILE)
        assert shapes == needed_shapes(run.project), "the weights are those of another network"


def _check_words(studio: Studio, expected: Expected) -> None:
    session, plan = studio.session, studio.runs.next_run.plan
    if session.state == PAUSED:
        assert plan.action is NextAction.RESUME
        if expected.obstacles():
            assert session.design_changed, "the run trains another design without a word"
        return
    weights = studio.runs.weights
    digest = None if weights is None else fingerprint(weights)
    assert digest == expected.weights, f"weights {weights}, {digest}, not {expected.weights}"
    if expected.run is None:
        untrained = expected.weights is None or expected.imported
        wanted = NextAction.TRAIN if untrained else NextAction.TRAIN_ON
        assert plan.action is wanted, plan
        return
    obstacles = expected.obstacles()
    assert plan.action is (NextAction.START_OVER if obstacles else NextAction.CONTINUE), plan
    for noun in obstacles:
        assert noun in plan.continuation.obstacle, (noun, plan.continuation.obstacle)
    assert bool(plan.continuation.obstacle) is bool(obstacles), plan.continuation.obstacle


@lru_cache(maxsize=4096)
def _read(path: Path, _time: int) -> Project:
    return load(path)


def check_stored(path: Path, weights: str | None) -> None:
    """Check the weights beside a design in a file: those expected, and they fit."""
    project = _read(path, path.stat().st_mtime_ns)
    reference = project.weights
    if reference is None:
        assert weights is None, "the weights were not stored"
        return
    file = path.parent / reference.file
    assert file.is_file(), "the stored weights are missing"
    assert stored_shapes(file) == needed_shapes(project), "weights beside a design they do not fit"
    assert fingerprint(file) == weights, "other weights are stored"
