"""The bar at the top: run buttons, menus for data, task, optimiser and device, and progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QWidget

from dlstudio.data.sources.sources import SOURCES
from dlstudio.gui.actions.action_table import ACTIONS_BY_ID, action_title, tool_tip
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.value_format import option_label
from dlstudio.gui.runs.next_run import NextRun
from dlstudio.gui.runs.run_options import may_start
from dlstudio.gui.runs.session import (
    IDLE,
    PAUSED,
    PREPARING,
    RUNNING,
    STOPPING,
    TrainingSession,
    effective_training,
)
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import current_theme, theme_changes
from dlstudio.gui.training.advice_button import AdviceButton
from dlstudio.gui.training.optimiser_menu import group_summaries, training_summary
from dlstudio.gui.training.rate_test import FIND_RATE
from dlstudio.gui.training.run_bar_focus import RunBarFocus
from dlstudio.gui.training.run_bar_menus import RunBarMenus
from dlstudio.gui.training.run_status import RunStatus
from dlstudio.gui.training.train_menu import TrainMenu, train_label, train_title
from dlstudio.gui.widgets.basic_widgets import button
from dlstudio.gui.widgets.menu_button import MenuButton
from dlstudio.gui.widgets.overflow import (
    OverflowButton,
    hidden_widgets,
    show_button_text,
    text_width,
)
from dlstudio.gui.widgets.split_button import ARROW_WIDTH, SplitButton
from dlstudio.training.options.speeds import FASTEST, SPEEDS
from dlstudio.training.specs.automatic import training_of
from dlstudio.training.specs.registry import TASKS

_ACTIONS = ("train", "pause", "step", "step-epoch", "stop", "reset")
_SHORT_TITLES = {"step": "Step", "step-epoch": "Epoch"}
_SPACING = 7
_WIDEST_TITLE = "Continue +100"


class RunBar(QWidget):
    """Controls the session and shows its progress.

    Signals:
        examples_requested: Title of the task whose examples should be shown.
    """

    examples_requested = Signal(str)

    def __init__(
        self,
        document: Document,
        session: TrainingSession,
        next_run: NextRun,
        actions: Mapping[str, QAction],
    ) -> None:
        """Follow document and session; the buttons trigger the window's `actions`."""
        super().__init__()
        self._next_run = next_run
        self._document = document
        self.session = session
        self._detected_device = ""
        self._actions = actions
        self.buttons: dict[str, QPushButton] = {}
        self.status = RunStatus(document, session, self)
        self._create_menu_buttons()
        self._build()
        self._connect()
        self._apply_theme()
        self._show_project()
        self._show_state()
        self._show_speed()
        self.status.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide what does not fit, least important first."""
        super().resizeEvent(event)
        self._fit_to_width()

    def _create_menu_buttons(self) -> None:
        self._train_menu = TrainMenu(
            self._document, self.session, self._next_run, dict(self._actions)
        )
        show_task, find_rate = self.examples_requested.emit, self._actions[FIND_RATE]
        menus = RunBarMenus(self._document, self.session, self, show_task, find_rate)
        self.menu_buttons = {
            "data": MenuButton("Data", menus.fill_data, "Training data"),
            "task": MenuButton("Task", menus.fill_task, "Training task"),
            "optimiser": MenuButton(
                "", menus.fill_optimiser, "Optimiser, learning rate and schedule"
            ),
            "device": MenuButton("Device", menus.fill_device, "Compute device"),
            "speed": MenuButton("Speed", self._train_menu.fill_speeds, "Speed of training"),
        }

    def _build(self) -> None:
        self.setProperty("surface", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 10, 7)
        row.setSpacing(_SPACING)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for name in _ACTIONS:
            text = _SHORT_TITLES.get(name) or action_title(name)
            tip = self._actions[name].toolTip()
            push_button = button(text, partial(self._run_command, name), tip=tip)
            push_button.setProperty("icon_name", ACTIONS_BY_ID[name].icon)
            push_button.setAccessibleName(text)
            push_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.buttons[name] = push_button
            row.addWidget(push_button)
        self.train_button = SplitButton(
            self.buttons["train"], self._train_menu.fill, "More ways to train"
        )
        row.insertWidget(0, self.train_button)
        self._widest_button = QPushButton(_WIDEST_TITLE, self)
        self._widest_button.setProperty("look", "primary")
        self._widest_button.hide()
        self.advice_button = AdviceButton(self._next_run)
        self._focus = RunBarFocus(
            {**self.buttons, "advice": self.advice_button}, self.train_button.arrow
        )
        self._separators = [_create_separator(), _create_separator()]
        row.addWidget(self._separators[0])
        for menu_button in self.menu_buttons.values():
            menu_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(menu_button)
        self.overflow = OverflowButton(self.menu_buttons.values(), self.buttons, self._run_command)
        self.overflow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self.overflow)
        row.addWidget(self._separators[1])
        for chip in self.status.chips.values():
            row.addWidget(chip)
            if chip is self.status.chips["metric"]:
                row.addWidget(self.advice_button)
        row.addStretch(1)
        self.setMinimumWidth(320)
        self.setMinimumHeight(row.sizeHint().height())

    @property
    def train_label(self) -> tuple[str, str]:
        """Text and tip of the menu entry of Train."""
        return train_label(self._next_run)

    def _run_command(self, name: str) -> None:
        self._actions[name].trigger()

    def _connect(self) -> None:
        session, document = self.session, self._document
        session.state_changed.connect(lambda _state: self._show_state())
        session.state_changed.connect(lambda _state: self._show_project())
        session.setting_changed.connect(lambda _event: self._show_project())
        document.project_changed.connect(lambda _change: self._show_project())
        document.report_changed.connect(lambda _report: self._show_state())
        document.check_started.connect(self._show_state)
        document.reset.connect(self._show_project)
        session.speed_changed.connect(self._show_speed)
        self._next_run.changed.connect(self._show_state)
        self.status.changed.connect(self._fit_to_width)
        theme_changes.changed.connect(self._apply_theme)

    def _apply_theme(self) -> None:
        theme = current_theme()
        for push_button in self.buttons.values():
            colour = theme.on_accent if push_button.property("look") == "primary" else theme.text
            push_button.setIcon(icon(str(push_button.property("icon_name")), colour))
        self._widest_button.setIcon(self.buttons["train"].icon())
        self.train_button.arrow.update()
        self.overflow.setIcon(icon("more"))

    def _show_state(self) -> None:
        state = self.session.state
        ready = may_start(self._document)
        can_train = state == PAUSED or (state == IDLE and ready)
        self.advice_button.refresh(self.session.run.history)
        enabled = {
            "advice": bool(self.advice_button.text()),
            "train": can_train,
            "pause": state in {PREPARING, RUNNING},
            "step": can_train,
            "step-epoch": can_train,
            "stop": state not in {IDLE, STOPPING},
            "reset": state != STOPPING,
        }
        self._focus.enable(enabled)
        train = self.buttons["train"]
        train.setText(train_title(self._next_run))
        tip = train_label(self._next_run)[1]
        train.setAccessibleName(train.text().replace("+", "for +"))
        self.train_button.set_look("primary" if can_train else "")
        if not ready and state == IDLE and self._document.report.nodes:
            train.setToolTip("Fix the problems listed below first")
        else:
            train.setToolTip(tool_tip(replace(ACTIONS_BY_ID["train"], tip=tip)))
        self._apply_theme()
        self._fit_to_width()

    def _show_speed(self) -> None:
        self.menu_buttons["speed"].show_value(SPEEDS[self.session.speed].short)
        self._fit_to_width()

    def _show_project(self) -> None:
        project = self._document.project
        training = project.training
        source = SOURCES.get(project.data.source)
        self.menu_buttons["data"].show_value(source.title if source else project.data.source)
        task = TASKS.get(training.task)
        self.menu_buttons["task"].show_value(task.title if task else training.task)
        running = effective_training(self.session) or training_of(project)
        self.menu_buttons["optimiser"].show_value(
            training_summary(running), group_summaries(running)
        )
        self._show_device(training.device)
        self._fit_to_width()

    def show_device(self, detected: str) -> None:
        """Set the detected device, such as `CPU · 2 cores`."""
        self._detected_device = detected
        self._show_device(self._document.project.training.device)

    def _show_device(self, choice: str) -> None:
        started = self.session.run.started
        running = started.device.upper() if started is not None else ""
        self.menu_buttons["device"].show_value(
            *_device_texts(choice, self._detected_device, running)
        )

    def _fit_to_width(self) -> None:
        shown_texts: list[QLabel | QPushButton] = [
            *self.status.chips.values(), self.advice_button,
        ]  # fmt: skip
        push_buttons = [
            push_button for name, push_button in self.buttons.items() if name != "train"
        ]
        widgets: list[QWidget] = [
            self.train_button, *push_buttons, *self._separators, *self.menu_buttons.values(),
            *(widget for widget in shown_texts if widget.text()),
        ]  # fmt: skip
        widths = {
            widget: max(widget.sizeHint().width(), widget.minimumWidth()) for widget in widgets
        }
        text_widths = {push_button: text_width(push_button) for push_button in push_buttons}
        for push_button in push_buttons:
            widths[push_button] += 0 if push_button.text() else text_widths[push_button]
        self._widest_button.ensurePolished()
        widest = self._widest_button.sizeHint().width()
        self.buttons["train"].setFixedWidth(widest)
        widths[self.train_button] = widest + ARROW_WIDTH
        available = self.width() - 20
        fixed = {widget: widths[widget] for widget in self._fixed_widgets()}
        planned = fixed | self.status.typical_widths()
        compact = bool(hidden_widgets(available, _SPACING, planned, list(planned)))
        for push_button in push_buttons if compact else ():
            widths[push_button] -= text_widths[push_button]
        hidden = hidden_widgets(available, _SPACING, widths, self._hide_order())
        if any(isinstance(widget, QPushButton) for widget in hidden):
            widths[self.overflow] = self.overflow.sizeHint().width()
            hidden = hidden_widgets(available, _SPACING, widths, self._hide_order())
        show_button_text(push_buttons, visible=not compact)
        for widget in (*widgets, *shown_texts, self.overflow):
            if widget in widths and widget not in hidden:
                widget.show()
            else:
                self._focus.hide(widget)

    def _fixed_widgets(self) -> list[QWidget]:
        """Return the widgets whose width does not depend on the run's state."""
        menu_buttons = (
            menu_button
            for name, menu_button in self.menu_buttons.items()
            if name not in {"device", "speed"}
        )
        push_buttons = (
            push_button for name, push_button in self.buttons.items() if name != "train"
        )
        return [self.train_button, *push_buttons, *self._separators, *menu_buttons]

    def _hide_order(self) -> list[QWidget]:
        """Return the widgets that may be hidden, least important first.

        The speed of a run that is slowed down stays, so that it can be changed at once.
        """
        speed, is_slow = self.menu_buttons["speed"], self.session.speed != FASTEST
        return [
            self.status.chips["speed"], self.menu_buttons["device"], *([] if is_slow else [speed]),
            self.menu_buttons["task"], self.buttons["step-epoch"], self.status.chips["differs"],
            self.status.chips["left"], self.menu_buttons["optimiser"], self.menu_buttons["data"],
            self.buttons["step"], self.advice_button, self.status.chips["metric"],
            *([speed] if is_slow else []), *self._separators,
        ]  # fmt: skip


def _device_texts(choice: str, detected: str, running: str) -> tuple[str, str]:
    """Return the label and tool tip of the device menu; "automatic" shows the actual device."""
    device = detected.partition(" · ")[0]
    if choice == "auto":
        device = running or device
        details = f"Selected automatically as the fastest: {detected or device}" if device else ""
        return device or option_label(choice), details
    missing = bool(device) and not device.lower().startswith(choice)
    details = f"Device not available; using {detected}." if missing else ""
    return option_label(choice).split(" (")[0], details


def _create_separator() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFixedWidth(9)
    return line
