"""Takes trained weights over from another design or a PyTorch file, and shows what fits."""

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
from dlstudio.design.model import TOP, Project
from dlstudio.gui.document import Document
from dlstudio.gui.newest_wish import NewestWish
from dlstudio.gui.panels.dressing import label, restyle
from dlstudio.gui.run_control import RunControl
from dlstudio.gui.theme import current
from dlstudio.gui.transfer_work import (
    BY_NAME,
    BY_ORDER,
    LayerRow,
    Offer,
    offer_of,
    shipped_weights,
)
from dlstudio.layers.registry import find

_FILTER = "Weights (*.dlstudio *.safetensors *.pt *.pth *.bin);;All files (*)"
_START = "Choose a trained design, a safetensors file or a PyTorch state dict."
_COLUMNS = ("Layer", "Taken over", "From")


class TransferDialog(QDialog):
    """Shows which layers a file has weights for; OK starts the next run from them."""

    def __init__(
        self, document: Document, run_control: RunControl, parent: QWidget | None = None
    ) -> None:
        """Begin without a file."""
        super().__init__(parent)
        self._document = document
        self._run_control = run_control
        self._looks = NewestWish(self, "The file could not be read")
        self._looks.done.connect(self._take)
        self._looks.failed.connect(lambda text: self._take(Offer(error=text)))
        self.offer = Offer()
        self.setWindowTitle("Take over trained weights")
        self.file = QLineEdit()
        self.file.setPlaceholderText("no file yet")
        self.file.editingFinished.connect(self.look)
        self.shipped = QPushButton("From an &example")
        self.shipped.setToolTip("Weights that ship with the examples")
        self.shipped.setMenu(self._shipped_menu())
        self.by = QComboBox()
        self.by.addItem("by name", BY_NAME)
        self.by.addItem("by order and shape", BY_ORDER)
        self.by.activated.connect(lambda _at: self.look())
        self.layers = QTreeWidget()
        self.layers.setHeaderLabels(_COLUMNS)
        self.layers.setRootIsDecorated(False)
        self.layers.setUniformRowHeights(True)
        self.summary = label(_START, "muted", wrap=True)
        self.freeze = QCheckBox("&Freeze the layers that are taken over whole")
        self._build()
        self._show()

    def look(self) -> None:
        """See what the file has, in the background; the latest wish counts."""
        if not self.file.text().strip():
            return
        restyle(self.summary, "role", "muted")
        self.summary.setText("Looking at the file…")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(False)
        work = offer_of(
            self._document.project,
            Path(self.file.text().strip()),
            str(self.by.currentData()),
            self._run_control.folder(),
        )
        self._looks.ask(work)

    def accept(self) -> None:
        """Let the next run begin with these weights."""
        weights = self.offer.weights
        if weights is None:
            return
        source = Path(self.file.text().strip()).name
        message = (
            f"Weights taken over from {source}: the next run begins with them; "
            "Train › Reset lets go of them"
        )
        self._run_control.use_weights(weights, unsaved=True, told=message)
        self._document.mark_unsaved()
        if self.freeze.isChecked():
            rows = [row for row in self.offer.rows if row.complete]
            self._document.try_edit(lambda project: _frozen(project, rows), "Freeze layers")
        super().accept()

    def _build(self) -> None:
        browse_button = QPushButton("Choose…")
        browse_button.clicked.connect(lambda _checked=False: self._choose())
        for button in (browse_button, self.shipped):
            button.setAutoDefault(False)
        file_row = QHBoxLayout()
        file_row.setSpacing(8)
        file_row.addWidget(self.file, 1)
        file_row.addWidget(browse_button)
        file_row.addWidget(self.shipped)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        caption = QLabel("F&ile")
        caption.setBuddy(self.file)
        form.addRow(caption, file_row)
        form.addRow("&Match", self.by)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self.buttons.button(kinds.Ok).setText("Take over")
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

    def _choose(self) -> None:
        folder = str(self._document.path.parent) if self._document.path else ""
        name, _ = QFileDialog.getOpenFileName(self, "Take over weights", folder, _FILTER)
        if name:
            self._look_at(name)

    def _look_at(self, name: str) -> None:
        self.file.setText(name)
        self.look()

    def _shipped_menu(self) -> QMenu:
        menu = QMenu(self)
        for path in shipped_weights():
            menu.addAction(path.stem, partial(self._look_at, str(path)))
        return menu

    def _take(self, offer: Offer) -> None:
        if not self._looks.is_busy:
            self.offer = offer
            self._show()

    def _show(self) -> None:
        preview = self.offer
        self.layers.clear()
        self.layers.addTopLevelItems([_item(row) for row in preview.rows])
        for column in range(2):
            self.layers.resizeColumnToContents(column)
        restyle(self.summary, "role", "error" if preview.error else "muted")
        if preview.error:
            self.summary.setText(preview.error)
        elif preview.rows:
            self.summary.setText(_summary(preview))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(
            preview.weights is not None
        )
        self.freeze.setEnabled(any(row.complete for row in preview.rows))


def _summary(offer: Offer) -> str:
    if not offer.taken:
        return "Nothing in this file fits. Try to match by order and shape."
    unused_text = f" {len(offer.unused)} in the file go nowhere." if offer.unused else ""
    remaining_text = "" if offer.taken == offer.tensors else " The rest of the network starts anew."
    return f"{offer.taken} of {offer.tensors} tensors are taken over.{remaining_text}{unused_text}"


def _item(row: LayerRow) -> QTreeWidgetItem:
    count = "all" if row.complete else f"{row.taken} of {row.tensors}" if row.taken else "–"
    item = QTreeWidgetItem([row.path, count, row.note or row.source])
    theme = current()
    item.setForeground(1, QColor(theme.good if row.complete else theme.muted))
    item.setData(0, Qt.ItemDataRole.ToolTipRole, row.path)
    return item


def _frozen(project: Project, rows: list[LayerRow]) -> Project:
    """Return the project with the layers of its top level frozen that are taken over whole."""
    nodes = project.graph.nodes
    kinds = {row.path: find(nodes[row.path].kind) for row in rows if row.path in nodes}
    paths = [path for path, kind in kinds.items() if kind is not None and kind.has_weights]
    return set_settings(project, paths, {"frozen": True}, scope=TOP)
