"""Imports trained weights from another design or a PyTorch file, with a preview."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.design.edits import set_settings
from dlstudio.design.model.model import TOP, Project
from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.background.latest_task import LatestTask
from dlstudio.gui.dialogs.weights_import import (
    BY_NAME,
    BY_ORDER,
    ImportPreview,
    LayerRow,
    example_weights,
    preview_import,
)
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.control.run_controller import RunController
from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.basic_widgets import label, set_style_property
from dlstudio.layers.registry import find

_FILTER = (
    "Weights (*.dlstudio *.dlstudioz *.safetensors *.pt *.pth *.ckpt *.bin *.npz);;All files (*)"
)
_START = "Choose a trained design, or a safetensors, NPZ or PyTorch file with a state dict."
_COLUMNS = ("Layer", "Imported", "From")


class ImportWeightsDialog(QDialog):
    """Shows which layers a file has weights for; the next run starts from them on accept."""

    def __init__(
        self, document: Document, run_controller: RunController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._run_controller = run_controller
        self._preview_task = LatestTask(self, "The file could not be read")
        self._preview_task.done.connect(self._on_preview)
        self._preview_task.failed.connect(
            lambda text, _details: self._on_preview(ImportPreview(error=text))
        )
        self.preview = ImportPreview()
        self.setWindowTitle("Import trained weights")
        self.file = QLineEdit()
        self.file.setPlaceholderText("No file chosen")
        self.file.editingFinished.connect(self.update_preview)
        self.examples_button = QPushButton("From an &example")
        self.examples_button.setToolTip("Weights that ship with the examples")
        self.examples_button.setMenu(self._examples_menu())
        self.match_mode = QComboBox()
        self.match_mode.addItem("by name", BY_NAME)
        self.match_mode.addItem("by order and shape", BY_ORDER)
        self.match_mode.activated.connect(lambda _at: self.update_preview())
        self.layers = QTreeWidget()
        self.layers.setHeaderLabels(_COLUMNS)
        self.layers.setRootIsDecorated(False)
        self.layers.setUniformRowHeights(True)
        self.summary = label(_START, "muted", wrap=True)
        self.freeze = QCheckBox("&Freeze completely imported layers")
        self._lay_out()
        self._show_preview()

    def update_preview(self) -> None:
        """Read the file in the background and show which weights match."""
        if not self.file.text().strip():
            return
        set_style_property(self.summary, "role", "muted")
        self.summary.setText("Reading the file…")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(False)
        work = preview_import(
            self._document.project,
            Path(self.file.text().strip()),
            str(self.match_mode.currentData()),
            self._run_controller.folder(),
        )
        self._preview_task.submit(work)

    def accept(self) -> None:
        """Start the next run from these weights, and freeze layers if chosen."""
        weights = self.preview.weights
        if weights is None:
            return
        source = Path(self.file.text().strip()).name
        message = (
            f"Weights imported from {source}: the next run starts from them. "
            "Train › Reset discards them."
        )
        self._run_controller.use_weights(weights, unsaved=True, message=message)
        self._document.mark_unsaved()
        if self.freeze.isChecked():
            rows = [row for row in self.preview.rows if row.is_complete]
            self._document.try_edit(lambda project: _freeze_layers(project, rows), "Freeze layers")
        super().accept()

    def _lay_out(self) -> None:
        browse_button = QPushButton("Choose…")
        browse_button.clicked.connect(lambda _checked=False: self._browse())
        for button in (browse_button, self.examples_button):
            button.setAutoDefault(False)
        file_row = QHBoxLayout()
        file_row.setSpacing(8)
        file_row.addWidget(self.file, 1)
        file_row.addWidget(browse_button)
        file_row.addWidget(self.examples_button)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        caption = QLabel("F&ile")
        caption.setBuddy(self.file)
        form.addRow(caption, file_row)
        form.addRow("&Match", self.match_mode)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self.buttons.button(kinds.Ok).setText("Import")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.layers, 1)
        column.addWidget(self.summary)
        column.addWidget(self.freeze)
        column.addWidget(self.buttons)
        self.resize(620, 520)

    def _browse(self) -> None:
        folder = str(self._document.path.parent) if self._document.path else ""
        name, _ = QFileDialog.getOpenFileName(self, action_title("take-weights"), folder, _FILTER)
        if name:
            self._preview_file(name)

    def _preview_file(self, name: str) -> None:
        self.file.setText(name)
        self.update_preview()

    def _examples_menu(self) -> QMenu:
        menu = QMenu(self)
        for path in example_weights():
            menu.addAction(path.stem, partial(self._preview_file, str(path)))
        return menu

    def _on_preview(self, preview: ImportPreview) -> None:
        if not self._preview_task.is_busy:
            self.preview = preview
            self._show_preview()

    def _show_preview(self) -> None:
        preview = self.preview
        self.layers.clear()
        self.layers.addTopLevelItems([_tree_item(row) for row in preview.rows])
        for column in range(2):
            self.layers.resizeColumnToContents(column)
        set_style_property(self.summary, "role", "error" if preview.error else "muted")
        if preview.error:
            self.summary.setText(preview.error)
        elif preview.rows:
            self.summary.setText(_summary_text(preview))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(
            preview.weights is not None
        )
        self.freeze.setEnabled(any(row.is_complete for row in preview.rows))


def _summary_text(preview: ImportPreview) -> str:
    if not preview.matched:
        return "No weights in this file match. Try matching by order and shape."
    unused_text = (
        f" {len(preview.unused)} tensors in the file are unused." if preview.unused else ""
    )
    remaining_text = (
        "" if preview.matched == preview.tensors else " The other layers are newly initialised."
    )
    return (
        f"{preview.matched} of {preview.tensors} tensors are imported.{remaining_text}{unused_text}"
    )


def _tree_item(row: LayerRow) -> QTreeWidgetItem:
    count = "all" if row.is_complete else f"{row.matched} of {row.tensors}" if row.matched else "–"
    item = QTreeWidgetItem([row.path, count, row.note or row.source])
    theme = current_theme()
    item.setForeground(1, QColor(theme.good_text if row.is_complete else theme.muted))
    item.setData(0, Qt.ItemDataRole.ToolTipRole, row.path)
    return item


def _freeze_layers(project: Project, rows: list[LayerRow]) -> Project:
    """Return the project with its completely imported top-level layers frozen."""
    nodes = project.graph.nodes
    kinds = {row.path: find(nodes[row.path].kind) for row in rows if row.path in nodes}
    paths = [path for path, kind in kinds.items() if kind is not None and kind.has_weights]
    return set_settings(project, paths, {"frozen": True}, scope=TOP)
