"""The bar on top: train, pause, step, stop, reset; what is learnt how; how far it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QWidget

from dlstudio.data.sources import SOURCES
from dlstudio.design.model import Project
from dlstudio.gui.document import Document
from dlstudio.gui.icons import icon
from dlstudio.gui.panels.dressing import button, label, restyle
from dlstudio.gui.panels.drop_button import DropButton
from dlstudio.gui.panels.figures import duration, metric_text, whole
from dlstudio.gui.panels.overflow import Overflow, label_width, left_out, name_buttons, text_width
from dlstudio.gui.panels.quick_menus import QuickMenus
from dlstudio.gui.panels.recipe_menu import recipe_details, recipe_text
from dlstudio.gui.panels.value_text import words
from dlstudio.gui.plots.history import THROUGHPUT, History
from dlstudio.gui.session import (
    IDLE,
    PAUSED,
    PAUSING,
    PREPARING,
    RUNNING,
    STOPPING,
    TrainingSession,
    learnt_from_other,
    training_of,
)
from dlstudio.gui.theme import current, theme_changes
from dlstudio.training.events import Paused, Progress
from dlstudio.training.figure_names import metric_title
from dlstudio.training.task_table import TASKS

_REFRESH_MILLISECONDS = 150
_BUTTONS = (
    ("train", "Train", "play", "Train the network (F5)"),
    ("pause", "Pause", "pause", "Hold the run between two steps (F6)"),
    ("step", "Step", "step", "Train one batch, then pause (F10)"),
    ("step_epoch", "Epoch", "step-epoch", "Train to the end of the epoch, then pause (Shift+F10)"),
    ("stop", "Stop", "stop", "End the run and keep the weights (Shift+F5)"),
    ("reset", "Reset", "reset", "Go back to the same untrained weights"),
)
_GAP = 7
_NOTICE = 48
"""Characters of a notice that find room."""
_METRICS = ("test_accuracy", "validation_accuracy", "validation_mae", "validation_loss",
            "test_loss", "train_loss")  # fmt: skip
_USUAL = {"epoch": "Epoch 10 / 10", "metric": "96.5 % validation", "left": "10:00 left"}
"""What a run shows; room is kept for it, so that no button moves when a run begins or ends."""
_EVEN = 1e-6
"""A difference of accuracies that is rounding."""
_WAIT = {PREPARING: "Preparing…", PAUSING: "Pausing…", STOPPING: "Stopping…"}


class RunBar(QWidget):
    """Steers the session and shows where it is.

    Signals:
        examples_wanted: Title of a task whose examples are asked for.
    """

    examples_wanted = Signal(str)

    def __init__(self, document: Document, session: TrainingSession) -> None:
        """Follow the document and the session."""
        super().__init__()
        self._document = document
        self.session = session
        self._progress = ""
        self._device = ""
        self.commands: dict[str, Callable[[], object]] = {
            name: getattr(session, name) for name, *_ in _BUTTONS
        }
        """What each button does; the window may put another command in its place."""
        self.buttons: dict[str, QPushButton] = {}
        self.chips: dict[str, QLabel] = {}
        self._make_drops()
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._show_figures)
        self._connect()
        self._dress()
        self._show_project()
        self._show_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what finds no room, least important first."""
        super().resizeEvent(event)
        self._fit()

    def _make_drops(self) -> None:
        menus = QuickMenus(self._document, self.session, self, self.examples_wanted.emit)
        self.drops = {
            "data": DropButton("Data", menus.data, "What the network learns from"),
            "task": DropButton("Task", menus.task, "What the network learns to do"),
            "optimiser": DropButton("", menus.optimiser, "How the network learns"),
            "device": DropButton("Device", menus.device, "Where the arithmetic is done"),
        }

    def _build(self) -> None:
        self.setProperty("surface", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 10, 7)
        row.setSpacing(_GAP)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for name, text, icon_name, tip in _BUTTONS:
            push_button = button(text, partial(self._command, name), tip=tip)
            push_button.setProperty("icon_name", icon_name)
            push_button.setAccessibleName(text)
            push_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.buttons[name] = push_button
            row.addWidget(push_button)
        self._widest = QPushButton("Continue", self)
        self._widest.setProperty("look", "primary")
        self._widest.hide()
        self._rules = [_rule(), _rule()]
        row.addWidget(self._rules[0])
        for drop in self.drops.values():
            drop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(drop)
        self.more = Overflow(self.drops.values(), self.buttons, self._command)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self.more)
        row.addWidget(self._rules[1])
        for name in ("notice", "epoch", "metric", "speed", "left", "differs"):
            self.chips[name] = label(role="chip")
            row.addWidget(self.chips[name])
        self.chips["notice"].setProperty("tone", "error")
        self.chips["differs"].setText("design edited")
        self.chips["differs"].setToolTip(
            "The run keeps the design it began with; the next Train takes the edited one."
        )
        row.addStretch(1)
        self.setMinimumWidth(320)
        self.setMinimumHeight(row.sizeHint().height())

    def _command(self, name: str) -> None:
        self.commands[name]()

    def _connect(self) -> None:
        session, document = self.session, self._document
        session.state_changed.connect(lambda _state: self._show_state())
        session.state_changed.connect(lambda _state: self._show_project())
        session.changed.connect(lambda _event: self._show_project())
        session.progress.connect(self._on_progress)
        for signal in (session.epoch_done, session.started, session.finished):
            signal.connect(lambda _event: self._show_figures())
        session.history_reset.connect(self._show_figures)
        session.failed.connect(lambda event: self._notify(event.text))
        session.paused.connect(self._on_paused)
        session.resumed.connect(lambda _event: self._notify(""))
        document.project_changed.connect(lambda _change: self._show_project())
        document.report_changed.connect(lambda _report: self._show_state())
        document.reset.connect(self._show_project)
        theme_changes.changed.connect(self._dress)

    def _dress(self) -> None:
        theme = current()
        for push_button in self.buttons.values():
            colour = theme.on_accent if push_button.property("look") == "primary" else theme.text
            push_button.setIcon(icon(str(push_button.property("icon_name")), colour))
        self._widest.setIcon(self.buttons["train"].icon())
        self.more.setIcon(icon("more"))

    def _show_state(self) -> None:
        state = self.session.state
        ready = self._document.report.ok and bool(self._document.report.nodes)
        can_train = state == PAUSED or (state == IDLE and ready)
        enabled = {
            "train": can_train,
            "pause": state in {PREPARING, RUNNING},
            "step": can_train,
            "step_epoch": can_train,
            "stop": state not in {IDLE, STOPPING},
            "reset": state != STOPPING,
        }
        for name, is_enabled in enabled.items():
            self.buttons[name].setEnabled(is_enabled)
        train = self.buttons["train"]
        train.setAccessibleName("Continue" if state == PAUSED else "Train")
        train.setText(train.accessibleName())
        restyle(train, "look", "primary" if can_train else "")
        if not ready and state == IDLE and self._document.report.nodes:
            train.setToolTip("The problems listed below stand in the way")
        else:
            train.setToolTip(_BUTTONS[0][3])
        self._dress()
        if state == PREPARING:
            self._notify("")
        self._progress = self._progress if state == PREPARING else ""
        if state == IDLE:
            self._timer.stop()
        else:
            self._timer.start()
        self._show_figures()

    def _notify(self, text: str) -> None:
        """Say what went wrong, in short; the whole text is in the tool tip and in the log."""
        chip = self.chips["notice"]
        chip.setText(text if len(text) <= _NOTICE else f"{text[:_NOTICE].rstrip()}…")
        chip.setToolTip(text)
        self._fit()

    def _on_paused(self, event: Paused) -> None:
        self._notify(event.reason)

    def _on_progress(self, event: Progress) -> None:
        share = "" if event.done is None else f" {100 * event.done:.0f} %"
        self._progress = event.text + share
        self._show_figures()

    def _show_project(self) -> None:
        project = self._document.project
        training = project.training
        source = SOURCES.get(project.data.source)
        self.drops["data"].show_value(source.title if source else project.data.source)
        task = TASKS.get(training.task)
        self.drops["task"].show_value(task.title if task else training.task)
        running = training_of(self.session) or training
        self.drops["optimiser"].show_value(recipe_text(running), recipe_details(running))
        self._show_device(training.device)
        self._show_figures()

    def show_device(self, found: str) -> None:
        """Take over where a run would take place: `CPU · 2 cores`."""
        self._device = found
        self._show_device(self._document.project.training.device)

    def _show_device(self, choice: str) -> None:
        started = self.session.last_started
        running = started.device.upper() if started is not None else ""
        self.drops["device"].show_value(*_device_words(choice, self._device, running))

    def _show_figures(self) -> None:
        session, history = self.session, self.session.history
        state = session.state
        epochs = history.epochs or self._document.project.training.epochs
        waiting = self._progress or _WAIT.get(state, "")
        self._chip("epoch", waiting or f"Epoch {history.epoch} / {epochs}")
        metrics = () if learnt_from_other(session, self._document.project.data) else _METRICS
        metric = next((name for name in metrics if not math.isnan(history.last(name))), "")
        text = f"{metric_text(metric, history.last(metric))} {_short_name(metric)}"
        self._chip("metric", text if metric else "")
        restyle(self.chips["metric"], "tone", "good" if _is_good(history, metric) else "")
        speed = history.last(THROUGHPUT)
        noun = "images/s" if _of_pictures(self._document.project) else "samples/s"
        self._chip("speed", f"{whole(speed)} {noun}" if speed > 0 else "")
        left = history.seconds_left
        shows_left = state not in {IDLE, STOPPING} and not math.isnan(left)
        self._chip("left", f"{duration(left)} left" if shows_left else "")
        self._chip("differs", "design edited" if session.differs else "")
        self._fit()

    def _chip(self, name: str, text: str) -> None:
        if self.chips[name].text() != text:
            self.chips[name].setText(text)

    def _fit(self) -> None:
        widgets: list[QWidget] = [
            *self.buttons.values(), *self._rules, *self.drops.values(),
            *(chip for chip in self.chips.values() if chip.text()),
        ]  # fmt: skip
        push_buttons = [
            push_button for name, push_button in self.buttons.items() if name != "train"
        ]
        widths = {widget: widget.sizeHint().width() for widget in widgets}
        text_widths = {push_button: text_width(push_button) for push_button in push_buttons}
        for push_button in push_buttons:
            widths[push_button] += 0 if push_button.text() else text_widths[push_button]
        self._widest.ensurePolished()
        widths[self.buttons["train"]] = self._widest.sizeHint().width()
        self.buttons["train"].setMinimumWidth(self._widest.sizeHint().width())
        available = self.width() - 20
        fixed = {widget: widths[widget] for widget in self._steady()}
        chips = {
            self.chips[name]: label_width(self.chips[name], text) for name, text in _USUAL.items()
        }
        planned = fixed | chips
        compact = bool(left_out(available, _GAP, planned, list(planned)))
        for push_button in push_buttons if compact else ():
            widths[push_button] -= text_widths[push_button]
        hidden = left_out(available, _GAP, widths, self._sacrifices())
        if any(isinstance(widget, QPushButton) for widget in hidden):
            widths[self.more] = self.more.sizeHint().width()
            hidden = left_out(available, _GAP, widths, self._sacrifices())
        name_buttons(push_buttons, shown=not compact)
        for widget in (*widgets, *self.chips.values(), self.more):
            widget.setVisible(widget in widths and widget not in hidden)

    def _steady(self) -> list[QWidget]:
        """Return what looks the same whether or not a run goes on."""
        menu_buttons = (menu_button for name, menu_button in self.drops.items() if name != "device")
        return [*self.buttons.values(), *self._rules, *menu_buttons]

    def _sacrifices(self) -> list[QWidget]:
        """Return what may be left out, least important first."""
        return [
            self.chips["speed"], self.drops["device"], self.drops["task"],
            self.buttons["step_epoch"], self.chips["differs"], self.chips["left"],
            self.drops["optimiser"], self.drops["data"], self.buttons["step"],
            self.chips["metric"], *self._rules,
        ]  # fmt: skip


def _of_pictures(project: Project) -> bool:
    source = SOURCES.get(project.data.source)
    return source is not None and source.form == "pictures"


def _device_words(choice: str, found: str, running: str) -> tuple[str, str]:
    """Name the device itself, which is what a person wants to know of "automatic", and say why."""
    device = found.partition(" · ")[0]
    if choice == "auto":
        device = running or device
        details = f"Chosen automatically, the fastest here: {found or device}" if device else ""
        return device or words(choice), details
    lacks = bool(device) and not device.lower().startswith(choice)
    details = f"There is no such device here: {found} is used." if lacks else ""
    return words(choice).split(" (")[0], details


def _is_good(history: History, metric: str) -> bool:
    """Whether a figure is an accuracy that is no worse than in the run's mean."""
    if not metric.endswith("accuracy"):
        return False
    series = history.series[metric]
    return series.last >= series.last_mean(len(series)) - _EVEN


def _short_name(metric: str) -> str:
    part, _, figure = metric.partition("_")
    return part if figure == "accuracy" else metric_title(metric)


def _rule() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFixedWidth(9)
    return line
