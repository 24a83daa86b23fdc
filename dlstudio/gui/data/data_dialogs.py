"""Opens the dialogs of the data settings.

The dialogs are imported late: they need numpy, which is not loaded at the first paint.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from dlstudio.design.edits import set_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.values import Value
from dlstudio.gui.document.document import Document
from dlstudio.gui.document.preferences import preferences

if TYPE_CHECKING:
    from dlstudio.gui.data.data_preview import DataPreview
    from dlstudio.gui.data.point_editor import PointsDialog

AnyDialog = TypeVar("AnyDialog", bound=QDialog)


def open_preview(document: Document, parent: QWidget) -> DataPreview:
    """Show the data, and store what was read about it in the design."""
    from dlstudio.gui.data.data_preview import DataPreview

    data = document.project.data
    dialog = DataPreview(
        data,
        data_dir=preferences().data_dir,
        design_dir=design_dir(document),
        parent=parent,
    )
    dialog.info_loaded.connect(lambda info: store_dataset_info(document, data, info))
    return _show_modal(dialog)


def open_points(document: Document, parent: QWidget) -> PointsDialog:
    """Open the dialog for points drawn by hand."""
    from dlstudio.gui.data.point_editor import PointsDialog

    points = document.project.data.options.get("points", ())
    dialog = PointsDialog(points, parent)
    dialog.accepted.connect(
        lambda: _set_option(document, "points", dialog.editor.points, "Draw points")
    )
    return _show_modal(dialog)


def design_dir(document: Document) -> str:
    """Return the folder to which data paths are relative; empty for an unsaved design."""
    return str(document.path.parent) if document.path else ""


def store_dataset_info(document: Document, settings: DataSettings, info: DatasetInfo) -> None:
    """Store what was read about the user's own data, if the settings are still the same."""
    data = document.project.data
    if data != settings or document.dataset_info == info:
        return
    document.apply(
        set_data(document.project, replace(data, facts=info)), "Store the data's shapes", "facts"
    )


def _set_option(document: Document, name: str, value: Value, text: str) -> None:
    data = document.project.data
    new_data = replace(data, options={**data.options, name: value}, facts=None)
    document.try_edit(lambda project: set_data(project, new_data), text)


def _show_modal(dialog: AnyDialog) -> AnyDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setModal(True)
    dialog.show()
    return dialog
