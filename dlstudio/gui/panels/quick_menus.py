"""The menus behind the run bar's buttons: quick choices, and changes while a run goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from dlstudio.data.sources import SOURCES
from dlstudio.design.edits import set_data, set_training
from dlstudio.design.model import TOP, Node
from dlstudio.design.training_settings import Schedule, TrainingSettings
from dlstudio.gui.document import Document
from dlstudio.gui.kept_changes import keep_changes
from dlstudio.gui.panels.data_entries import GROUPS, changed_source
from dlstudio.gui.panels.figures import real
from dlstudio.gui.panels.training_entries import with_group, with_task
from dlstudio.gui.panels.value_text import words
from dlstudio.gui.plots.history import LEARNING_RATE
from dlstudio.gui.session import IDLE, TrainingSession, training_of
from dlstudio.layers.dropout import DROPOUTS
from dlstudio.training.recipes import DEVICES, OPTIMISERS, SCHEDULES
from dlstudio.training.task_table import TASKS

_RATES = (1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4)
_FACTORS = ((0.1, "÷ 10"), (0.5, "÷ 2"), (2.0, "× 2"), (10.0, "× 10"))
_DROPOUTS = (0.0, 0.1, 0.2, 0.3, 0.5)
_CLIPS = (0.1, 0.5, 1.0, 5.0)


class QuickMenus:
    """Fills menus for a document and its session."""

    def __init__(self, document: Document, session: TrainingSession, parent: QWidget) -> None:
        """Keep both; `parent` owns the small dialogs."""
        self._document = document
        self._session = session
        self._parent = parent

    def data(self, menu: QMenu) -> None:
        """List the data sets by group."""
        held = self._document.project.data.source
        for group in GROUPS:
            sub = menu.addMenu(group)
            titles = {name: each.title for name, each in SOURCES.items() if each.group == group}
            _choices(sub, titles, held, self._use_source)
        menu.addSeparator()
        menu.addAction("Data settings…", self._show_forms)

    def task(self, menu: QMenu) -> None:
        """List the tasks."""
        titles = {name: recipe.title for name, recipe in TASKS.items()}
        held = self._document.project.training.task
        _choices(menu, titles, held, lambda task: self._train(with_task, task, "Change the task"))

    def device(self, menu: QMenu) -> None:
        """List the devices."""
        titles = {name: words(name) for name in DEVICES}
        held = self._document.project.training.device
        _choices(
            menu, titles, held,
            lambda device: self._train(_with_device, device, "Change the device"),
        )  # fmt: skip

    def optimiser(self, menu: QMenu) -> None:
        """List optimisers, rates and schedules; what can be changed now while a run goes on."""
        if self._session.state != IDLE:
            self._living(menu)
        if self._session.changes:
            menu.addAction("Keep the run's changes in the design", self._keep)
        if menu.actions():
            menu.addSection("For the next run")
        group = self._document.project.training.groups[0]
        names = {name: recipe.title for name, recipe in OPTIMISERS.items()}
        _choices(
            menu, names, group.optimiser.name,
            lambda name: self._train(_with_optimiser, name, "Change the optimiser"),
        )  # fmt: skip
        rates = {real(rate): real(rate) for rate in _RATES}
        _choices(
            menu.addMenu("Learning rate"), rates, real(group.optimiser.learning_rate),
            lambda rate: self._train(_with_rate, rate, "Change the learning rate"),
        )  # fmt: skip
        schedules = {name: recipe.title for name, recipe in SCHEDULES.items()}
        _choices(
            menu.addMenu("Schedule"), schedules, group.schedule.name,
            lambda name: self._train(_with_schedule, name, "Change the schedule"),
        )  # fmt: skip
        menu.addSeparator()
        menu.addAction("Training settings…", self._show_forms)

    def _living(self, menu: QMenu) -> None:
        menu.addSection("In this run, from the next step on")
        rate = menu.addMenu("Learning rate now")
        for factor, title in _FACTORS:
            rate.addAction(title, partial(self._scale_rate, factor))
        rate.addAction("Other…", self._ask_rate)
        clip = menu.addMenu("Gradient clipping now")
        clip.addAction("Off", lambda: self._session.change("clipping", mode="none"))
        for limit in _CLIPS:
            clip.addAction(
                f"By norm at {limit:g}",
                partial(self._session.change, "clipping", mode="norm", limit=limit),
            )
        if any(node.kind in DROPOUTS for node in self._run_nodes()):
            dropout = menu.addMenu("Dropout now")
            for share in _DROPOUTS:
                dropout.addAction(f"{share:g}", partial(self._session.change, "dropout", p=share))
        self._freezing(menu)

    def _keep(self) -> None:
        made = self._session.changes
        self._document.try_edit(
            lambda project: keep_changes(project, made), "Keep the run's changes"
        )

    def _freezing(self, menu: QMenu) -> None:
        chosen = sorted(each for each in self._document.selection if not each.startswith("note:"))
        if not chosen or self._document.scope != TOP:
            return
        named = chosen[0] if len(chosen) == 1 else f"{len(chosen)} layers"
        for title, frozen in ((f"Freeze {named} now", True), (f"Let {named} learn again", False)):
            menu.addAction(title, partial(self._freeze, chosen, frozen=frozen))

    def _freeze(self, paths: Iterable[str], *, frozen: bool) -> None:
        for path in paths:
            self._session.change("frozen", path=path, frozen=frozen)

    def _run_nodes(self) -> list[Node]:
        project = self._session.project
        return list(project.graph.nodes.values()) if project else []

    def _base_rate(self) -> float:
        training = training_of(self._session) or self._document.project.training
        return training.groups[0].optimiser.learning_rate

    def _scale_rate(self, factor: float) -> None:
        rate = float(f"{self._base_rate() * factor:.6g}")
        self._session.change(LEARNING_RATE, learning_rate=rate)

    def _ask_rate(self) -> None:
        text, done = QInputDialog.getText(
            self._parent, "Learning rate", "Learning rate from the next step on:",
            text=real(self._base_rate()),
        )  # fmt: skip
        if not done:
            return
        try:
            rate = float(text.replace(",", "."))
        except ValueError:
            self._document.message.emit(f"“{text}” is not a number; the learning rate stays")
            return
        self._session.change(LEARNING_RATE, learning_rate=rate)

    def _use_source(self, name: str) -> None:
        self._document.try_edit(
            lambda project: set_data(project, changed_source(project.data, name)),
            f"Use {SOURCES[name].title}",
        )

    def _train(
        self, write: Callable[[TrainingSettings, str], TrainingSettings], value: str, text: str
    ) -> None:
        self._document.try_edit(
            lambda project: set_training(project, write(project.training, value)), text
        )

    def _show_forms(self) -> None:
        self._document.set_selection(())


def _choices(menu: QMenu, titles: dict[str, str], held: str, choose: Callable[[str], None]) -> None:
    group = QActionGroup(menu)
    for name, title in titles.items():
        action = QAction(title, menu)
        action.setCheckable(True)
        action.setChecked(name == held)
        action.triggered.connect(lambda _checked=False, name=name: choose(name))
        group.addAction(action)
        menu.addAction(action)


def _with_device(training: TrainingSettings, device: str) -> TrainingSettings:
    return replace(training, device=device)


def _with_optimiser(training: TrainingSettings, name: str) -> TrainingSettings:
    held = training.groups[0].optimiser
    return (
        training
        if held.name == name
        else with_group(training, optimiser=replace(held, name=name, settings={}))
    )


def _with_rate(training: TrainingSettings, rate: str) -> TrainingSettings:
    held = training.groups[0].optimiser
    return with_group(training, optimiser=replace(held, learning_rate=float(rate)))


def _with_schedule(training: TrainingSettings, name: str) -> TrainingSettings:
    held = training.groups[0].schedule
    return training if held.name == name else with_group(training, schedule=Schedule(name))
