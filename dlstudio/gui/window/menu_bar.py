"""Creates Qt's menus and actions from the action table, and updates their state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from dlstudio.gui.actions.action_table import ACTIONS, tool_tip
from dlstudio.gui.actions.actions import MENUS, Action, Needs
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import theme_changes

Condition = Callable[[], bool]
_MENUS_ON_PAGES = ("File", "Help")


class MenuBarBuilder(QObject):
    """Fills the menu bar; `actions` holds every QAction by its id."""

    def __init__(
        self,
        bar: QMenuBar,
        root: QWidget,
        canvas: QWidget,
        conditions: Mapping[Needs, Condition],
    ) -> None:
        """Fill `bar`; slots are resolved from `root` when an action is triggered."""
        super().__init__(root)
        self._root = root
        self.conditions = conditions
        self._menus: dict[str, QMenu] = {}
        self.actions: dict[str, QAction] = {}
        self._action_specs = {entry.id: entry for entry in ACTIONS}
        self._bar = bar
        self._has_all_menus = True
        for title in MENUS:
            self._menus[title] = bar.addMenu(f"&{title}")
            self._menus[title].aboutToShow.connect(self.refresh)
        for entry in ACTIONS:
            self._add(entry, canvas)
        theme_changes.changed.connect(self.update_icons)

    def menu(self, path: str) -> QMenu:
        """Return the menu of a path in the table; it is created on first use."""
        if path not in self._menus:
            parent, _, title = path.rpartition("/")
            self._menus[path] = self.menu(parent).addMenu(title)
        return self._menus[path]

    def refresh(self) -> None:
        """Update the enabled and checked state of every action."""
        enabled = {needs: condition() for needs, condition in self.conditions.items()}
        for entry in ACTIONS:
            action = self.actions[entry.id]
            available = self._has_all_menus or entry.menu.partition("/")[0] in _MENUS_ON_PAGES
            action.setEnabled(available and enabled.get(entry.needs, True))
            if entry.state:
                value = self._resolve(entry.state)
                is_choice = bool(entry.arguments) and not isinstance(value, bool)
                action.setChecked(value == entry.arguments[0] if is_choice else bool(value))
            if entry.label:
                text, tip = self._resolve(entry.label)
                action.setText(text)
                action.setStatusTip(tip)
                action.setToolTip(tool_tip(replace(entry, tip=tip)))

    def show_all_menus(self, shown: bool) -> None:
        """Enable all menus, or only those that make sense while a page covers the panels."""
        self._has_all_menus = shown
        self.refresh()

    def trigger(self, name: str) -> None:
        """Trigger the action with this id, if it is enabled."""
        self.refresh()
        self.actions[name].trigger()

    def _add(self, entry: Action, canvas: QWidget) -> None:
        action = QAction(entry.text, self._root)
        action.setObjectName(entry.id)
        action.setShortcuts([QKeySequence(key) for key in entry.keys])
        action.setToolTip(tool_tip(entry))
        action.setStatusTip(entry.tip)
        action.setShortcutVisibleInContextMenu(True)
        action.setMenuRole(_ROLES.get(entry.id, QAction.MenuRole.NoRole))
        action.setCheckable(bool(entry.state))
        action.triggered.connect(self._run)
        if entry.on_canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            canvas.addAction(action)
        else:
            self._root.addAction(action)
        menu = self.menu(entry.menu)
        if entry.separator_before:
            menu.addSeparator()
        menu.addAction(action)
        self.actions[entry.id] = action

    def _run(self) -> None:
        entry = self._action_specs[self.sender().objectName()]
        self._resolve(entry.slot)(*entry.arguments)
        self.refresh()

    def _resolve(self, path: str) -> Any:
        return reduce(getattr, path.split("."), self._root)

    def update_icons(self) -> None:
        """Set all icons in the theme's colours; deferred until after the first paint."""
        for entry in ACTIONS:
            if entry.icon:
                self.actions[entry.id].setIcon(icon(entry.icon))


_ROLES = {
    "preferences": QAction.MenuRole.PreferencesRole,
    "quit": QAction.MenuRole.QuitRole,
    "about": QAction.MenuRole.AboutRole,
}
