"""The log panel: timestamped lines, with technical details to expand."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.style.theme import current_theme, mono_font, theme_changes
from dlstudio.gui.training.run_result import compare_with_linear, overfitting_text
from dlstudio.gui.widgets.basic_widgets import button
from dlstudio.gui.widgets.metric_format import format_metric
from dlstudio.training.metrics.early_stop_texts import early_stop_reason
from dlstudio.training.metrics.metric_names import metric_title
from dlstudio.training.protocol.events import Failed, Finished, Paused, Started

_MAX_LINES = 2000
_TIME_WIDTH = 92
_ROLE = Qt.ItemDataRole.UserRole
_SUBSETS = {"train": "training"}
_END_TEXTS = {"done": "finished", "early-stopping": "stopped early", "stopped": "stopped"}


class LogPanel(QWidget):
    """Timestamped lines; an error expands to its details."""

    def __init__(self) -> None:
        super().__init__()
        self._stop_reason = ""
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(False)
        self.tree.setWordWrap(True)
        self.tree.setColumnWidth(0, _TIME_WIDTH)
        self.tree.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setAccessibleName("Log")
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.addStretch(1)
        row.addWidget(button("Copy", self.copy, look="quiet", icon_name="copy"))
        row.addWidget(button("Clear", self.tree.clear, look="quiet", icon_name="delete"))
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 0)
        column.setSpacing(0)
        column.addWidget(self.tree, 1)
        column.addLayout(row)
        theme_changes.changed.connect(self._apply_theme)

    def follow(self, session: TrainingSession) -> None:
        """Log the events of the session's runs."""
        session.started.connect(self._on_started)
        session.setting_changed.connect(
            lambda event: self.add_line(f"Step {event.step}: {event.text}")
        )
        session.paused.connect(self._on_paused)
        session.finished.connect(self._on_finished)
        session.finished.connect(lambda _event: self._compare(session))
        session.failed.connect(self._on_failed)

    def add_line(self, text: str) -> None:
        self._add(text, "text", "")

    def add_warning(self, text: str) -> None:
        self._add(text, "warning", "")

    def add_error(self, text: str, details: str = "") -> None:
        """Add an error with details to expand."""
        self._add(text, "error", details)

    def text(self) -> str:
        """Return all lines as plain text."""
        lines = []
        for index in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(index)
            if item is not None:
                lines.append(f"{item.text(0)}  {item.text(1)}")
                lines += [child.text(1) for child in _children(item)]
        return "\n".join(lines)

    def copy(self) -> None:
        """Copy all lines to the clipboard."""
        QGuiApplication.clipboard().setText(self.text())

    def _add(self, text: str, role: str, details: str) -> None:
        last = self.tree.topLevelItem(self.tree.topLevelItemCount() - 1)
        if last is not None and text and text in last.text(1):
            return
        item = QTreeWidgetItem([f"{datetime.now():%H:%M:%S}", text])
        item.setFont(0, mono_font())
        item.setData(1, _ROLE, role)
        _apply_colours(item)
        item.setToolTip(1, text)
        for column in range(2):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignTop)
        if details:
            child = QTreeWidgetItem(["", details])
            child.setFont(1, mono_font())
            item.addChild(child)
        self.tree.addTopLevelItem(item)
        if self.tree.topLevelItemCount() > _MAX_LINES:
            self.tree.takeTopLevelItem(0)
        self._wrap(item)
        self.tree.scrollToBottom()

    def _apply_theme(self) -> None:
        for item in self._items():
            _apply_colours(item)

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.tree.topLevelItem(index) for index in range(self.tree.topLevelItemCount()))
        return [item for item in items if item is not None]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for item in self._items():
            self._wrap(item)

    def _wrap(self, item: QTreeWidgetItem) -> None:
        """Set the height that a line's text needs at the current width."""
        width = self.width() - _TIME_WIDTH - 60
        bounds = QRect(0, 0, max(width, 80), 10_000)
        for line_item in (item, *_children(item)):
            metrics = QFontMetrics(line_item.font(1) if line_item is not item else self.font())
            flags = Qt.TextFlag.TextWordWrap
            text_rect = metrics.boundingRect(bounds, flags, line_item.text(1))
            line_item.setSizeHint(1, QSize(width, text_rect.height() + 9))

    def _on_started(self, event: Started) -> None:
        self._stop_reason = early_stop_reason(event.training) if event.training else ""
        sizes = ", ".join(
            f"{count:,} {_SUBSETS.get(subset, subset)}"
            for subset, count in event.samples.items()
            if count
        )
        verb = f"continued at step {event.step}" if event.step else "started"
        threads = f"{event.threads} thread{'s' if event.threads != 1 else ''}"
        self.add_line(
            f"Training {verb} on {event.device} with {threads}: "
            f"{event.parameters:,} parameters, {sizes} samples, {event.epochs} epochs"
        )
        for warning in event.warnings:
            self.add_warning(warning)

    def _on_paused(self, event: Paused) -> None:
        if event.reason:
            location = f" ({event.node})" if event.node else ""
            self.add_warning(f"Paused at step {event.step}: {event.reason}{location}")
        else:
            self.add_line(f"Paused at step {event.step}")

    def _on_finished(self, event: Finished) -> None:
        metrics = ", ".join(
            f"{metric_title(name)} {format_metric(name, value)}"
            for name, value in event.metrics.items()
        )
        kept = f", weights of the best epoch, {event.kept_epoch}" if event.kept_epoch else ""
        is_early = event.reason == "early-stopping" and self._stop_reason
        why = f" because {self._stop_reason}" if is_early else ""
        self.add_line(
            f"Training {_END_TEXTS.get(event.reason, event.reason)} after {event.epochs} epochs, "
            f"{event.step} steps, {event.seconds:.1f} s{why}{kept}: {metrics}"
        )

    def _compare(self, session: TrainingSession) -> None:
        """Log how the network compares with a linear model, if that is known."""
        advantage, text = compare_with_linear(session.run, session.linear_baseline)
        if text:
            self._add(text, "warning" if advantage < 0 else "text", "")
        if text := overfitting_text(session.run):
            self._add(f"{text}.", "text", "")

    def _on_failed(self, event: Failed) -> None:
        location = f" ({event.node})" if event.node else ""
        self.add_error(event.text + location, event.details)


def _apply_colours(item: QTreeWidgetItem) -> None:
    item.setForeground(0, current_theme().colour("muted"))
    item.setForeground(1, current_theme().colour(item.data(1, _ROLE)))


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    items = (item.child(row) for row in range(item.childCount()))
    return [child for child in items if child is not None]
