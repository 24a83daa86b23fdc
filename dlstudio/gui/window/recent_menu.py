"""The menu of recently opened designs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from dlstudio.gui.actions.actions import RECENT_MENU
from dlstudio.gui.files.design_files import DesignFiles
from dlstudio.gui.files.recent_files import recent_files
from dlstudio.gui.window.menu_bar import MenuBarBuilder


class RecentMenu(QObject):
    """Fills the menu each time it opens."""

    def __init__(self, menus: MenuBarBuilder, files: DesignFiles) -> None:
        """Use the menu at `RECENT_MENU` in the action table."""
        super().__init__(menus)
        self._files = files
        self._menu = menus.menu(RECENT_MENU)
        self._clear = menus.actions["clear-recent"]
        self._file_actions: list[QAction] = []
        self._menu.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Add the recent files that still exist."""
        for entry in self._file_actions:
            self._menu.removeAction(entry)
            entry.deleteLater()
        before = self._menu.actions()[0]
        self._file_actions = [self._create_action(path) for path in recent_files()]
        self._menu.insertActions(before, self._file_actions)
        self._clear.setEnabled(bool(self._file_actions))

    def _create_action(self, path: Path) -> QAction:
        entry = QAction(path.name.replace("&", "&&"), self)
        entry.setToolTip(str(path))
        entry.setStatusTip(str(path))
        entry.triggered.connect(partial(self._open, path))
        return entry

    def _open(self, path: Path, _checked: bool = False) -> None:
        self._files.open_path(path)
