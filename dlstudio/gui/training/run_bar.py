"""The bar at the top: run buttons, menus for data, task, optimiser and device, and progress."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QWidget

from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.model import Project
from dlstudio.gui.actions.action_table import ACTIONS_BY_ID, action_title
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.value_format import option_label
from dlstudio.gui.runs.run_history import THROUGHPUT, RunHistory
from dlstudio.gui.runs.session import (
    IDLE,
    PAUSED,
    PAUSING,
    PREPARING,
    RUNNING,
    STOPPING,
    TrainingSession,
    effective_training,
    trained_on_other_data,
)
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import current_theme, theme_changes
from dlstudio.gui.training.optimiser_menu import group_summaries, training_summary
from dlstudio.gui.training.run_bar_menus import RunBarMenus
from dlstudio.gui.widgets.basic_widgets import button, label, set_style_property
from dlstudio.gui.widgets.menu_button import MenuButton
from dlstudio.gui.widgets.number_format import format_duration, format_integer, format_metric
from dlstudio.gui.widgets.overflow import (
    OverflowButton,
    hidden_widgets,
    label_width,
    show_button_text,
    text_width,
)
from dlstudio.training.metrics.metric_names import metric_title
from dlstudio.training.protocol.events import Paused, ProgressUpdate
from dlstudio.training.specs.registry import TASKS

_REFRESH_MILLISECONDS = 150
_ACTIONS = ("train", "pause", "step", "step-epoch", "stop", "reset")
_SHORT_TITLES = {"step": "Step", "step-epoch": "Epoch"}
_SPACING = 7
_MAX_NOTICE_LENGTH = 48
"""Longest notice in characters; the rest is in the tool tip."""
_METRICS = ("test_accuracy", "validation_accuracy", "validation_mae", "validation_loss",
            "test_loss", "train_loss")  # fmt: skip
_TYPICAL_TEXTS = {"epoch": "Epoch 10 / 10", "metric": "96.5 % validation", "left": "10:00 left"}
"""Space is reserved for these texts, so that no button moves when a run starts or ends."""
_TOLERANCE = 1e-6
"""Differences of accuracies up to this are rounding errors."""
_BUSY_TEXTS = {PREPARING: "Preparing…", PAUSING: "Pausing…", STOPPING: "Stopping…"}


class RunBar(QWidget):
    """Controls the session and shows its progress.

    Signals:
        examples_requested: Title of the task whose examples should be shown.
    """

    examples_requested = Signal(str)

    def __init__(
        self, document: Document, session: TrainingSession, actions: Mapping[str, QAction]
    ) -> None:
        """Follow document and session; the buttons trigger the window's `actions`."""
        super().__init__()
        self._document = document
        self.session = session
        self._progress_text = ""
        self._detected_device = ""
        self._actions = actions
        self.buttons: dict[str, QPushButton] = {}
        self.chips: dict[str, QLabel] = {}
        self._create_menu_buttons()
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._show_metrics)
        self._connect()
        self._apply_theme()
        self._show_project()
        self._show_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide what does not fit, least important first."""
        super().resizeEvent(event)
        self._fit_to_width()

    def _create_menu_buttons(self) -> None:
        menus = RunBarMenus(self._document, self.session, self, self.examples_requested.emit)
        self.menu_buttons = {
            "data": MenuButton("Data", menus.fill_data, "Training data"),
            "task": MenuButton("Task", menus.fill_task, "Training task"),
            "optimiser": MenuButton(
                "", menus.fill_optimiser, "Optimiser, learning rate and schedule"
            ),
            "device": MenuButton("Device", menus.fill_device, "Compute device"),
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
        self._widest_button = QPushButton("Continue", self)
        self._widest_button.setProperty("look", "primary")
        self._widest_button.hide()
        self._separators = [_create_separator(), _create_separator()]
        row.addWidget(self._separators[0])
        for menu_button in self.menu_buttons.values():
            menu_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(menu_button)
        self.overflow = OverflowButton(self.menu_buttons.values(), self.buttons, self._run_command)
        self.overflow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self.overflow)
        row.addWidget(self._separators[1])
        for name in ("notice", "epoch", "metric", "speed", "left", "differs"):
            self.chips[name] = label(role="chip")
            row.addWidget(self.chips[name])
        self.chips["notice"].setProperty("tone", "error")
        self.chips["differs"].setText("design edited")
        self.chips["differs"].setToolTip(
            "The run uses the design it started with; the next run will use the edited one."
        )
        row.addStretch(1)
        self.setMinimumWidth(320)
        self.setMinimumHeight(row.sizeHint().height())

    def _run_command(self, name: str) -> None:
        self._actions[name].trigger()

    def _connect(self) -> None:
        session, document = self.session, self._document
        session.state_changed.connect(lambda _state: self._show_state())
        session.state_changed.connect(lambda _state: self._show_project())
        session.setting_changed.connect(lambda _event: self._show_project())
        session.progress.connect(self._on_progress)
        for signal in (session.epoch_done, session.started, session.finished):
            signal.connect(lambda _event: self._show_metrics())
        session.history_reset.connect(self._show_metrics)
        session.failed.connect(lambda event: self._notify(event.text))
        session.paused.connect(self._on_paused)
        session.resumed.connect(lambda _event: self._notify(""))
        document.project_changed.connect(lambda _change: self._show_project())
        document.report_changed.connect(lambda _report: self._show_state())
        document.reset.connect(self._show_project)
        theme_changes.changed.connect(self._apply_theme)

    def _apply_theme(self) -> None:
        theme = current_theme()
        for push_button in self.buttons.values():
            colour = theme.on_accent if push_button.property("look") == "primary" else theme.text
            push_button.setIcon(icon(str(push_button.property("icon_name")), colour))
        self._widest_button.setIcon(self.buttons["train"].icon())
        self.overflow.setIcon(icon("more"))

    def _show_state(self) -> None:
        state = self.session.state
        ready = self._document.report.ok and bool(self._document.report.nodes)
        can_train = state == PAUSED or (state == IDLE and ready)
        enabled = {
            "train": can_train,
            "pause": state in {PREPARING, RUNNING},
            "step": can_train,
            "step-epoch": can_train,
            "stop": state not in {IDLE, STOPPING},
            "reset": state != STOPPING,
        }
        for name, is_enabled in enabled.items():
            self.buttons[name].setEnabled(is_enabled)
        train = self.buttons["train"]
        train.setAccessibleName("Continue" if state == PAUSED else action_title("train"))
        train.setText(train.accessibleName())
        set_style_property(train, "look", "primary" if can_train else "")
        if not ready and state == IDLE and self._document.report.nodes:
            train.setToolTip("Fix the problems listed below first")
        else:
            train.setToolTip(self._actions["train"].toolTip())
        self._apply_theme()
        if state == PREPARING:
            self._notify("")
        self._progress_text = self._progress_text if state == PREPARING else ""
        if state == IDLE:
            self._timer.stop()
        else:
            self._timer.start()
        self._show_metrics()

    def _notify(self, text: str) -> None:
        """Show a short notice; the full text is in the tool tip and in the log."""
        chip = self.chips["notice"]
        chip.setText(
            text if len(text) <= _MAX_NOTICE_LENGTH else f"{text[:_MAX_NOTICE_LENGTH].rstrip()}…"
        )
        chip.setToolTip(text)
        self._fit_to_width()

    def _on_paused(self, event: Paused) -> None:
        self._notify(event.reason)

    def _on_progress(self, event: ProgressUpdate) -> None:
        share = "" if event.fraction is None else f" {100 * event.fraction:.0f} %"
        self._progress_text = event.text + share
        self._show_metrics()

    def _show_project(self) -> None:
        project = self._document.project
        training = project.training
        source = SOURCES.get(project.data.source)
        self.menu_buttons["data"].show_value(source.title if source else project.data.source)
        task = TASKS.get(training.task)
        self.menu_buttons["task"].show_value(task.title if task else training.task)
        running = effective_training(self.session) or training
        self.menu_buttons["optimiser"].show_value(
            training_summary(running), group_summaries(running)
        )
        self._show_device(training.device)
        self._show_metrics()

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

    def _show_metrics(self) -> None:
        session, history = self.session, self.session.run.history
        state = session.state
        epochs = history.epochs or self._document.project.training.epochs
        waiting = self._progress_text or _BUSY_TEXTS.get(state, "")
        self._set_chip("epoch", waiting or f"Epoch {history.epoch} / {epochs}")
        metrics = () if trained_on_other_data(session, self._document.project.data) else _METRICS
        metric = next((name for name in metrics if not math.isnan(history.last(name))), "")
        text = f"{format_metric(metric, history.last(metric))} {_short_metric_name(metric)}"
        self._set_chip("metric", text if metric else "")
        set_style_property(
            self.chips["metric"], "tone", "good" if _is_good(history, metric) else ""
        )
        speed = history.last(THROUGHPUT)
        noun = "images/s" if _has_images(self._document.project) else "samples/s"
        self._set_chip("speed", f"{format_integer(speed)} {noun}" if speed > 0 else "")
        left = history.seconds_left
        shows_left = state not in {IDLE, STOPPING} and not math.isnan(left)
        self._set_chip("left", f"{format_duration(left)} left" if shows_left else "")
        self._set_chip("differs", "design edited" if session.design_changed else "")
        self._fit_to_width()

    def _set_chip(self, name: str, text: str) -> None:
        if self.chips[name].text() != text:
            self.chips[name].setText(text)

    def _fit_to_width(self) -> None:
        widgets: list[QWidget] = [
            *self.buttons.values(), *self._separators, *self.menu_buttons.values(),
            *(chip for chip in self.chips.values() if chip.text()),
        ]  # fmt: skip
        push_buttons = [
            push_button for name, push_button in self.buttons.items() if name != "train"
        ]
        widths = {widget: widget.sizeHint().width() for widget in widgets}
        text_widths = {push_button: text_width(push_button) for push_button in push_buttons}
        for push_button in push_buttons:
            widths[push_button] += 0 if push_button.text() else text_widths[push_button]
        self._widest_button.ensurePolished()
        widths[self.buttons["train"]] = self._widest_button.sizeHint().width()
        self.buttons["train"].setMinimumWidth(self._widest_button.sizeHint().width())
        available = self.width() - 20
        fixed = {widget: widths[widget] for widget in self._fixed_widgets()}
        chips = {
            self.chips[name]: label_width(self.chips[name], text)
            for name, text in _TYPICAL_TEXTS.items()
        }
        planned = fixed | chips
        compact = bool(hidden_widgets(available, _SPACING, planned, list(planned)))
        for push_button in push_buttons if compact else ():
            widths[push_button] -= text_widths[push_button]
        hidden = hidden_widgets(available, _SPACING, widths, self._hide_order())
        if any(isinstance(widget, QPushButton) for widget in hidden):
            widths[self.overflow] = self.overflow.sizeHint().width()
            hidden = hidden_widgets(available, _SPACING, widths, self._hide_order())
        show_button_text(push_buttons, visible=not compact)
        for widget in (*widgets, *self.chips.values(), self.overflow):
            widget.setVisible(widget in widths and widget not in hidden)

    def _fixed_widgets(self) -> list[QWidget]:
        """Return the widgets whose width does not depend on the run's state."""
        menu_buttons = (
            menu_button for name, menu_button in self.menu_buttons.items() if name != "device"
        )
        return [*self.buttons.values(), *self._separators, *menu_buttons]

    def _hide_order(self) -> list[QWidget]:
        """Return the widgets that may be hidden, least important first."""
        return [
            self.chips["speed"], self.menu_buttons["device"], self.menu_buttons["task"],
            self.buttons["step-epoch"], self.chips["differs"], self.chips["left"],
            self.menu_buttons["optimiser"], self.menu_buttons["data"], self.buttons["step"],
            self.chips["metric"], *self._separators,
        ]  # fmt: skip


def _has_images(project: Project) -> bool:
    source = SOURCES.get(project.data.source)
    return source is not None and source.form == "pictures"


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


def _is_good(history: RunHistory, metric: str) -> bool:
    """Whether a metric is an accuracy that is no worse than the run's mean."""
    if not metric.endswith("accuracy"):
        return False
    series = history.series[metric]
    return series.last >= series.last_mean(len(series)) - _TOLERANCE


def _short_metric_name(metric: str) -> str:
    subset, _, name = metric.partition("_")
    return subset if name == "accuracy" else metric_title(metric)


def _create_separator() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFixedWidth(9)
    return line
