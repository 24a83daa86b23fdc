"""The texts beside the run's buttons: progress, metric, speed, time left and notices."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel

from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.model import Project
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.run_history import THROUGHPUT
from dlstudio.gui.runs.run_record import RunRecord
from dlstudio.gui.runs.session import (
    IDLE,
    PAUSING,
    PREPARING,
    STOPPING,
    TrainingSession,
    trained_on_other_data,
)
from dlstudio.gui.training.run_result import (
    Judgement,
    constant_text,
    judge,
    overfitting_text,
    result_of,
)
from dlstudio.gui.widgets.basic_widgets import label, set_style_property
from dlstudio.gui.widgets.metric_format import format_metric
from dlstudio.gui.widgets.number_format import format_duration, format_integer
from dlstudio.gui.widgets.overflow import label_width
from dlstudio.training.metrics.early_stop_texts import early_stop_reason
from dlstudio.training.metrics.metric_names import metric_title
from dlstudio.training.options.speeds import SPEEDS
from dlstudio.training.protocol.events import Failed, Paused, ProgressUpdate
from dlstudio.training.specs.automatic import training_of

_REFRESH_MILLISECONDS = 150
_CHIPS = ("notice", "epoch", "metric", "speed", "left", "differs")
_MAX_NOTICE_LENGTH = 48
"""Longest notice in characters; the rest is in the tool tip."""
_METRICS = ("test_accuracy", "validation_accuracy", "validation_mae", "validation_loss",
            "test_loss", "train_loss")  # fmt: skip
_TYPICAL_TEXTS = {"epoch": "Epoch 10 / 10", "metric": "96.5 % validation", "left": "10:00 left"}
"""Space is reserved for these texts, so that no button moves when a run starts or ends."""
_OUTDATED_TEXT = "Of the run, before the network changed; the network shown is untrained"
_BUSY_TEXTS = {PREPARING: "Preparing…", PAUSING: "Pausing…", STOPPING: "Stopping…"}


class RunStatus(QObject):
    """Shows the state of a session in labels, which the run bar lays out.

    Signals:
        changed: The texts may have another width.

    Attributes:
        chips: The labels by name, in their order; those without text are hidden.
    """

    changed = Signal()

    def __init__(self, document: Document, session: TrainingSession, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._progress_text = ""
        self.chips: dict[str, QLabel] = {name: label(role="chip") for name in _CHIPS}
        self.chips["notice"].setProperty("tone", "error")
        self.chips["differs"].setToolTip(
            "The run uses the design it started with; the next run will use the edited one."
        )
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self.refresh)
        self._connect()

    def typical_widths(self) -> dict[QLabel, int]:
        """Return the widths to reserve for some labels, independent of their current texts."""
        return {
            self.chips[name]: label_width(self.chips[name], text)
            for name, text in _TYPICAL_TEXTS.items()
        }

    @Slot()
    def refresh(self) -> None:
        """Show the current progress and metrics."""
        session, history = self._session, self._session.run.history
        project, state = self._document.project, session.state
        epochs = history.epochs or training_of(project).epochs
        waiting = self._progress_text or _BUSY_TEXTS.get(state, "")
        kept = f", kept {history.kept_epoch}" if history.kept_epoch and not waiting else ""
        self._set_text("epoch", waiting or f"Epoch {history.epoch} / {epochs}{kept}")
        tips = (
            f"The weights of epoch {history.kept_epoch}, the best one, were kept" if kept else "",
            "" if waiting else _early_stop_text(session.run),
        )
        self.chips["epoch"].setToolTip("\n".join(filter(None, tips)))
        metrics = () if trained_on_other_data(session, project.data) else _METRICS
        metric = next((name for name in metrics if not math.isnan(history.last(name))), "")
        results = (name for name in metrics if not math.isnan(result_of(session.run, name)[0]))
        result = next(results, metric)
        self._set_text("metric", _result_text(session.run, result) if result else "")
        task = (session.run.project or project).training.task
        linear = session.linear_baseline
        judgement = judge(session.run, metric, task, linear) if metric else Judgement()
        if session.shown_weights.origin.is_outdated:
            judgement = Judgement("", _OUTDATED_TEXT)
        set_style_property(self.chips["metric"], "tone", judgement.tone)
        other = _result_text(session.run, metric) if metric and metric != result else ""
        origin = result_of(session.run, metric)[1] if metric else ""
        constant = "" if judgement.reason else constant_text(session.run, metric, task)
        overfits = overfitting_text(session.run)
        details = "\n".join(filter(None, (judgement.reason, constant, other, origin, overfits)))
        self.chips["metric"].setToolTip(details)
        self.chips["metric"].setAccessibleDescription(details)
        pace = SPEEDS[session.speed].seconds
        speed = history.last(THROUGHPUT)
        if pace and state != IDLE and history.steps_per_epoch:
            speed = min(speed, history.samples_per_epoch / history.steps_per_epoch / pace)
        noun = "images/s" if _has_images(project) else "samples/s"
        self._set_text("speed", f"{format_integer(speed)} {noun}" if speed > 0 else "")
        left = max(history.seconds_left, (history.total_steps - history.step) * pace)
        shows_left = state not in {IDLE, STOPPING} and not math.isnan(left)
        self._set_text("left", f"{format_duration(left)} left" if shows_left else "")
        self._set_text("differs", "design edited" if session.design_changed else "")
        self.changed.emit()

    def _connect(self) -> None:
        session, document = self._session, self._document
        session.state_changed.connect(self._on_state_changed)
        session.setting_changed.connect(self.refresh)
        session.progress.connect(self._on_progress)
        for signal in (session.epoch_done, session.started, session.finished):
            signal.connect(self.refresh)
        for changed in (session.history_reset, session.run_restored, session.speed_changed):
            changed.connect(self.refresh)
        session.shown_weights.changed.connect(self.refresh)
        session.failed.connect(self._on_failed)
        session.paused.connect(self._on_paused)
        session.resumed.connect(self._clear_notice)
        document.project_changed.connect(self.refresh)
        document.reset.connect(self.refresh)

    def _on_state_changed(self, state: str) -> None:
        if state == PREPARING:
            self._clear_notice()
        else:
            self._progress_text = ""
        if state == IDLE:
            self._timer.stop()
        else:
            self._timer.start()
        self.refresh()

    def _on_failed(self, event: Failed) -> None:
        self._notify(event.text)

    def _on_paused(self, event: Paused) -> None:
        self._notify(event.reason)

    @Slot()
    def _clear_notice(self) -> None:
        self._notify("")

    def _on_progress(self, event: ProgressUpdate) -> None:
        share = "" if event.fraction is None else f" {100 * event.fraction:.0f} %"
        self._progress_text = event.text + share
        self.refresh()

    def _notify(self, text: str) -> None:
        """Show a short notice; the full text is in the tool tip and in the log."""
        chip = self.chips["notice"]
        chip.setText(
            text if len(text) <= _MAX_NOTICE_LENGTH else f"{text[:_MAX_NOTICE_LENGTH].rstrip()}…"
        )
        chip.setToolTip(text)
        self.changed.emit()

    def _set_text(self, name: str, text: str) -> None:
        if self.chips[name].text() != text:
            self.chips[name].setText(text)


def _early_stop_text(run: RunRecord) -> str:
    """Return why a run ended before its planned epochs; empty if it did not."""
    if run.state != "early-stopping":
        return ""
    training = run.effective_training()
    reason = early_stop_reason(training) if training is not None else ""
    return f"Stopped early because {reason}" if reason else "Stopped early"


def _has_images(project: Project) -> bool:
    source = SOURCES.get(project.data.source)
    return source is not None and source.form == "pictures"


def _result_text(run: RunRecord, metric: str) -> str:
    return f"{format_metric(metric, result_of(run, metric)[0])} {_short_metric_name(metric)}"


def _short_metric_name(metric: str) -> str:
    subset, _, name = metric.partition("_")
    return subset if name == "accuracy" else metric_title(metric)
