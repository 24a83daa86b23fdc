"""The menus of the run bar's buttons: settings for the next run, and changes of the running one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.edits import set_data, set_training
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.model import TOP, Node
from dlstudio.design.model.training_settings import ParameterGroup, TrainingSettings, chosen
from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.data.data_form_rows import SOURCE_GROUPS, with_source
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.value_format import option_label
from dlstudio.gui.runs.run_history import LEARNING_RATE
from dlstudio.gui.runs.session import IDLE, TrainingSession, effective_training
from dlstudio.gui.training.group_edits import OWN_RATE, can_create_group, create_group
from dlstudio.gui.training.optimiser_menu import fill_optimiser_menu, fill_radio_menu, menu_text
from dlstudio.gui.training.rate_test import rate_test_obstacle
from dlstudio.gui.training.training_form_rows import with_task
from dlstudio.gui.widgets.menu_heading import add_heading
from dlstudio.gui.widgets.number_format import format_float
from dlstudio.layers.normalisation.dropout import DROPOUT_KINDS
from dlstudio.training.options.training_options import DEVICES
from dlstudio.training.specs.automatic import training_of
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.step.run_changes import keep_changes

_FACTORS = ((0.1, "÷ 10"), (0.5, "÷ 2"), (2.0, "× 2"), (10.0, "× 10"))
_DROPOUTS = (0.0, 0.1, 0.2, 0.3, 0.5)
_CLIPS = (0.1, 0.5, 1.0, 5.0)


class RunBarMenus:
    """Fills menus for a document and its session."""

    def __init__(
        self,
        document: Document,
        session: TrainingSession,
        parent: QWidget,
        show_examples: Callable[[str], object],
        find_rate: QAction,
    ) -> None:
        """Create the menus.

        Args:
            document: The design.
            session: Its runs.
            parent: Owns the dialogs.
            show_examples: Receives a task's title.
            find_rate: The window's action that tests learning rates.
        """
        self._find_rate = find_rate
        self._document = document
        self._show_examples = show_examples
        self._session = session
        self._parent = parent

    def fill_data(self, menu: QMenu) -> None:
        current = self._document.project.data.source
        for group in SOURCE_GROUPS:
            submenu = menu.addMenu(group)
            titles = {
                name: source.title for name, source in SOURCES.items() if source.group == group
            }
            fill_radio_menu(submenu, titles, current, self._use_source)
        menu.addSeparator()
        menu.addAction("Data settings…", self._show_settings)

    def fill_task(self, menu: QMenu) -> None:
        titles = {name: spec.title for name, spec in TASKS.items()}
        current = self._document.project.training.task
        fill_radio_menu(
            menu, titles, current,
            lambda task: self._edit_training(with_task, task, "Change the task"),
            {name: spec.summary for name, spec in TASKS.items()},
        )  # fmt: skip
        task = TASKS.get(current)
        if task is not None:
            menu.addSeparator()
            menu.addAction("Examples of this task…", partial(self._show_examples, task.title))

    def fill_device(self, menu: QMenu) -> None:
        titles = {name: option_label(name) for name in DEVICES}
        titles["auto"] = "Automatic (fastest available)"
        current = self._document.project.training.device
        fill_radio_menu(
            menu, titles, current,
            lambda device: self._edit_training(_with_device, device, "Change the device"),
        )  # fmt: skip

    def fill_optimiser(self, menu: QMenu) -> None:
        """Add optimisers, rates and schedules; during a run also what can be changed in it."""
        if self._session.state != IDLE:
            self._add_live_changes(menu)
        if self._session.run.changes:
            menu.addAction(action_title("keep-changes"), self._apply_changes)
        if menu.actions():
            add_heading(menu, "For the next run")
        fill_optimiser_menu(
            menu,
            self._document.project.training,
            lambda write, text: self._edit_training(
                lambda training, _value: write(training), "", text
            ),
        )
        menu.addSeparator()
        self._add_rate_test(menu)
        if can_create_group(self._document):
            menu.addAction(OWN_RATE, lambda: create_group(self._document))
        menu.addAction("Training settings…", self._show_settings)

    def _add_rate_test(self, menu: QMenu) -> None:
        obstacle = rate_test_obstacle(self._document, self._session)
        if obstacle:
            menu.addAction(f"No learning rate can be tested: {obstacle}").setEnabled(False)
        else:
            menu.addAction(self._find_rate)

    def _add_live_changes(self, menu: QMenu) -> None:
        add_heading(menu, "In this run, from the next step")
        self._add_rate_actions(menu.addMenu("Learning rate now"))
        several = len(self._run_groups()) > 1
        clip = menu.addMenu(f"Gradient clipping now{', all groups' if several else ''}")
        clip.addAction("Off", lambda: self._session.change_setting("clipping", mode="none"))
        for limit in _CLIPS:
            clip.addAction(
                f"By norm at {limit:g}",
                partial(self._session.change_setting, "clipping", mode="norm", limit=limit),
            )
        if any(node.kind in DROPOUT_KINDS for node in self._run_nodes()):
            dropout = menu.addMenu("Dropout now")
            for probability in _DROPOUTS:
                dropout.addAction(
                    f"{probability:g}",
                    partial(self._session.change_setting, "dropout", p=probability),
                )
        self._add_freeze_actions(menu)

    def _apply_changes(self) -> None:
        changes = self._session.run.changes
        self._document.try_edit(lambda project: keep_changes(project, changes), "Apply run changes")

    def _add_freeze_actions(self, menu: QMenu) -> None:
        layers = sorted(
            path for path in self._document.selection if not path.startswith(NOTE_PREFIX)
        )
        if not layers or self._document.scope != TOP:
            return
        target = layers[0] if len(layers) == 1 else f"{len(layers)} layers"
        for title, frozen in ((f"Freeze {target} now", True), (f"Unfreeze {target} now", False)):
            menu.addAction(title, partial(self._freeze, layers, frozen=frozen))

    def _freeze(self, paths: Iterable[str], *, frozen: bool) -> None:
        for path in paths:
            self._session.change_setting("frozen", path=path, frozen=frozen)

    def _run_nodes(self) -> list[Node]:
        project = self._session.run.project
        return list(project.graph.nodes.values()) if project else []

    def _add_rate_actions(self, menu: QMenu) -> None:
        """Add factors for the rates of all groups, and for each of several groups."""
        groups = self._run_groups()
        for factor, title in _FACTORS:
            menu.addAction(title, partial(self._scale_rates, groups, factor))
        if len(groups) == 1:
            menu.addAction("Other…", partial(self._ask_rate, groups[0]))
            return
        menu.addSeparator()
        for group in groups:
            submenu = menu.addMenu(menu_text(group.name))
            for factor, title in _FACTORS:
                submenu.addAction(title, partial(self._scale_rates, (group,), factor))
            submenu.addAction("Other…", partial(self._ask_rate, group))

    def _run_groups(self) -> tuple[ParameterGroup, ...]:
        return (effective_training(self._session) or training_of(self._document.project)).groups

    def _scale_rates(self, groups: Iterable[ParameterGroup], factor: float) -> None:
        for group in groups:
            self._set_rate(group, float(f"{chosen(group.optimiser.learning_rate) * factor:.6g}"))

    def _set_rate(self, group: ParameterGroup, rate: float) -> None:
        group_argument = {"group": group.name} if len(self._run_groups()) > 1 else {}
        self._session.change_setting(LEARNING_RATE, learning_rate=rate, **group_argument)

    def _ask_rate(self, group: ParameterGroup) -> None:
        text, accepted = QInputDialog.getText(
            self._parent, "Learning rate", "Learning rate from the next step:",
            text=format_float(chosen(group.optimiser.learning_rate)),
        )  # fmt: skip
        if not accepted:
            return
        try:
            rate = float(text.replace(",", "."))
        except ValueError:
            self._document.message.emit(f"“{text}” is not a number; the learning rate is unchanged")
            return
        self._set_rate(group, rate)

    def _use_source(self, name: str) -> None:
        self._document.try_edit(
            lambda project: set_data(project, with_source(project.data, name)),
            f"Use {SOURCES[name].title}",
        )
        if "path" in SOURCES[name].options:
            self._show_settings()  # the file is chosen there

    def _edit_training(
        self, write: Callable[[TrainingSettings, str], TrainingSettings], value: str, text: str
    ) -> None:
        self._document.try_edit(
            lambda project: set_training(project, write(project.training, value)), text
        )

    def _show_settings(self) -> None:
        self._document.set_selection(())


def _with_device(training: TrainingSettings, device: str) -> TrainingSettings:
    return replace(training, device=device)
