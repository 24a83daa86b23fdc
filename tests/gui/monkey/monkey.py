"""Seeded random clicks, keys, drags and dialog answers in the main window."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from random import Random

from PySide6.QtCore import QByteArray, QMimeData, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu
from shiboken6 import isValid

from dlstudio.app import make_window
from dlstudio.design.commands.clipboard import copy
from dlstudio.design.library.library import shipped_blocks
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.model import Project
from dlstudio.gui.actions.action_table import ACTIONS
from dlstudio.gui.actions.actions import Needs
from dlstudio.gui.canvas.model.insertable_items import KIND_MIME
from dlstudio.gui.runs.session import IDLE, PREPARING
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.layers.registry import KINDS
from tests.gui.monkey import events
from tests.gui.monkey.block_moves import choose_reference, define_parameter, use_block
from tests.gui.monkey.dialog_answers import DialogAnswerer
from tests.gui.monkey.drag_targets import find_drag_target, random_point
from tests.gui.monkey.failures import Coverage, FailureRecorder
from tests.gui.monkey.input import LEFT, InputDevice, drag_over, process_events
from tests.gui.monkey.workspace import Workspace, playground_project

MIN_CARDS, MAX_CARDS = 20, 90
"""Limits of the number of cards in a design."""
SELECTION_NEEDS = (Needs.SELECTION, Needs.SEVERAL_NODES, Needs.THREE_NODES)


class Monkey:
    """Sends random input to a main window; a closed window is replaced by a new one."""

    def __init__(
        self, workspace: Workspace, seed: int, recorder: FailureRecorder, coverage: Coverage
    ) -> None:
        self.rng = Random(seed)
        self.workspace = workspace
        self.recorder = recorder
        self.coverage = coverage
        self.window_count = 0
        self.start_project = Project()
        self.window = self._open_window()
        self.input = InputDevice(lambda: self.window, self.rng)
        self.dialogs = DialogAnswerer(self.input, Random(seed + 1), recorder)

    def run(self, moves: int) -> None:
        """Make `moves` random moves."""
        names = [*MOVES]
        weights = [MOVES[name][0] for name in names]
        for number in range(moves):
            (name,) = self.rng.choices(names, weights)
            self._make_move(number, name)
            self._reopen_window()
            self.coverage.sizes.append(self._size())

    def close(self) -> None:
        """Close every dialog and the window."""
        self.dialogs.close_all()
        self.window.dispose()
        self._drop_window()

    def undo_all(self) -> Project:
        """Undo every step and return the project."""
        self.window.session.stop()
        self.window.session.wait(20)
        while self.window.document.undo_stack.canUndo():
            self.window.document.undo_stack.undo()
        return self.window.document.project

    def _make_move(self, number: int, name: str) -> None:
        if self.dialogs.has_dialog:
            name = "answer"
        elif QApplication.activeWindow() is None:
            self._activate()
        self.recorder.record_action(f"{number} {name}")
        self.coverage.moves[name] += 1
        with self.dialogs.answering():
            try:
                self.dialogs.answer() if name == "answer" else MOVES[name][1](self)
            except Exception:  # noqa: BLE001  (the test looks for any exception)
                self.recorder.record_failure(traceback.format_exc())
            process_events()

    def _gesture(self) -> None:
        """Press, move, and release or cancel, sometimes with a key in between."""
        view = self.window.editor.view
        if self.rng.random() < 0.2:
            self.press_keys("Ctrl+1")
        target = find_drag_target(view, self.rng)
        self.recorder.record_action(f"drag {target.name}")
        self.input.press(view.mapToGlobal(target.position), target.button, target.keys)
        position = target.position
        for _ in range(self.rng.randint(1, 4)):
            position = find_drag_target(view, self.rng).position
            self.input.move(view.mapToGlobal(position))
        roll, cancel_chance = self.rng.random(), 0.5 if self.coverage.missed_phases else 0.3
        if roll < cancel_chance:
            self.input.key(Qt.Key.Key_Escape)
        elif roll < cancel_chance + 0.08:
            self.input.click(view.mapToGlobal(position), Qt.MouseButton.RightButton)
        elif roll < cancel_chance + 0.2:
            self._shortcut()
            self.input.move(view.mapToGlobal(random_point(view, self.rng)))
        self.input.release(view.mapToGlobal(position), target.button, target.keys)

    def _drag_from_palette(self) -> None:
        """Drag a layer from the palette over the canvas, and perhaps drop it."""
        view, data = self.window.editor.view, QMimeData()
        blocks = [f"shipped:{block}" for block in shipped_blocks()]
        kind = self.rng.choice([*KINDS, *blocks, "martian", "block:gone", "mine:gone"])
        data.setData(KIND_MIME, QByteArray(kind.encode()))
        points = [find_drag_target(view, self.rng).position for _ in range(3)]
        drag_over(view, data, points, drop=self.rng.random() < 0.7)

    def _shortcut(self) -> None:
        """Press the shortcut of an action; rarely triggered actions are more likely."""
        action = self._choose_rarest([action for action in self._enabled() if action.shortcuts()])
        if action is None:
            return
        self.recorder.record_action(f"keys of {action.objectName()}")
        combination = self.rng.choice(action.shortcuts())[0]
        if self.rng.random() < 0.8:
            self.window.editor.view.setFocus()
        self.input.key(combination.key(), combination.keyboardModifiers())

    def _menu(self) -> None:
        """Open a menu of the menu bar and click an enabled entry."""
        self._click_entry(self._choose_rarest(self._enabled()))

    def _click_entry(self, action: QAction | None) -> None:
        if action is None:
            return
        self.recorder.record_action(f"menu {action.objectName()}")
        path = next(entry.menu for entry in ACTIONS if entry.id == action.objectName())
        menu, bar = self.window.menus.menu(path.split("/")[0]), self.window.menuBar()
        if not bar.isVisible():
            return
        self.input.click(bar.mapToGlobal(bar.actionGeometry(menu.menuAction()).center()))
        for step in (*_submenu_action(menu, self.window.menus.menu(path)), action):
            popup = QApplication.activePopupWidget()
            if isinstance(popup, QMenu) and step in popup.actions():
                self.input.click(popup.mapToGlobal(popup.actionGeometry(step).center()))

    def _select(self) -> None:
        """Select several cards, and sometimes trigger an action on them."""
        self.select_cards()
        names = {entry.id for entry in ACTIONS if entry.needs in SELECTION_NEEDS}
        if self.rng.random() < 0.6:
            self._click_entry(
                self._choose_rarest(
                    [action for action in self._enabled() if action.objectName() in names]
                )
            )

    def select_cards(self) -> None:
        if self.rng.random() < 0.5:
            self.press_keys("Ctrl+A")
            return
        view, scene = self.window.editor.view, self.window.editor.context.scene
        for card in self.rng.sample([*scene.cards], min(3, len(scene.cards))):
            position = self.window.editor.context.camera.to_view(
                scene.cards[card].rect.center()
            ).toPoint()
            if view.rect().contains(position):
                keys = Qt.KeyboardModifier.ControlModifier
                self.input.click(view.mapToGlobal(position), LEFT, keys)

    def _undo(self) -> None:
        """Undo some steps, and perhaps redo one."""
        for _ in range(self.rng.randint(1, 3)):
            self.press_keys("Ctrl+Z")
        if self.rng.random() < 0.6:
            self.press_keys("Ctrl+Shift+Z")

    def _keep_size(self) -> None:
        """Bring the number of cards back within the limits."""
        size = self._size()
        if size > MAX_CARDS:
            self.window.files.open_path(self.workspace.valid_design)
        elif size < MIN_CARDS:
            project = playground_project()
            notes = [NOTE_PREFIX + note for note in project.layout_at().notes]
            QGuiApplication.clipboard().setText(copy(project, [*project.graph.nodes, *notes]))
            self.press_keys("Ctrl+V")

    def _pause(self) -> None:
        """Let timers, threads and repaints run."""
        self._wait(lambda: False, self.rng.uniform(0, 0.06))

    def _train(self) -> None:
        """Start a run on a valid design, or control the active run."""
        if self.window.session.state == IDLE and not self.window.document.report.ok:
            self.window.files.open_path(self.workspace.valid_design)
            self._wait(lambda: self.window.checker.is_current)
        names = ("train", "pause", "step", "step-epoch", "stop", "continue", "keep-changes")
        actions = [self.window.menus.actions[name] for name in names]
        action = self._choose_rarest([action for action in actions if action.isEnabled()])
        if action is not None:
            self.recorder.record_action(action.objectName())
            self.window.menus.trigger(action.objectName())
            self._wait(lambda: self.window.session.state != PREPARING)

    def _wait(self, until: Callable[[], bool], seconds: float = 3.0) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            process_events()
            time.sleep(0.002)

    def press_keys(self, keys: str) -> None:
        combination = QKeySequence(keys)[0]
        self.window.editor.view.setFocus()
        self.input.key(combination.key(), combination.keyboardModifiers())

    def _enabled(self) -> list[QAction]:
        self.window.menus.refresh()
        return [action for action in self.window.menus.actions.values() if action.isEnabled()]

    def _choose_rarest(self, actions: list[QAction]) -> QAction | None:
        if not actions:
            return None
        weights = [1 / (1 + self.coverage.fired[action.objectName()]) ** 2 for action in actions]
        return self.rng.choices(actions, weights)[0]

    def _size(self) -> int:
        project = self.window.document.project
        return sum(
            len(graph_owner.graph.nodes) for graph_owner in (project, *project.blocks.values())
        )

    def _open_window(self) -> MainWindow:
        window = make_window()
        window.document.reset.connect(self._on_reset)
        window.checker.failed.connect(lambda _text, details: self.recorder.record_failure(details))
        window.session.failed.connect(
            lambda event: self.recorder.record_action(f"run failed: {event.text}")
        )
        window.resize(1440, 900)
        window.show()
        while window.panels is None:
            process_events()
        self.window = window
        self.window_count += 1
        self.coverage.track(window)
        window.files.show_file(self.workspace.valid_design)
        return window

    def _activate(self) -> None:
        """Activate the window, as a desktop does after another window is closed."""
        self.window.activateWindow()
        process_events()

    def _on_reset(self) -> None:
        self.start_project = self.window.document.project

    def _reopen_window(self) -> None:
        """Open a new window if the last one was closed."""
        if not self.window.isVisible():
            self.recorder.record_action("the window was closed")
            self.dialogs.close_all()
            self._drop_window()
            self._open_window()

    def _drop_window(self) -> None:
        self.window.deleteLater()
        process_events()
        if isValid(self.window):
            self.recorder.record_failure("a closed window was not deleted")


def _submenu_action(top: QMenu, menu: QMenu) -> list[QAction]:
    return [] if menu is top else [menu.menuAction()]


Move = tuple[float, Callable[[Monkey], None]]
MOVES: Mapping[str, Move] = {
    "gesture": (24, Monkey._gesture),
    "place": (6, Monkey._drag_from_palette),
    "shortcut": (14, Monkey._shortcut),
    "menu": (12, Monkey._menu),
    "click": (16, events.click),
    "drag": (3, events.drag),
    "hover": (2, events.hover),
    "type": (7, events.type_keys),
    "wheel": (2, events.wheel),
    "canvas menu": (2, events.open_canvas_menu),
    "drop": (0.7, events.drop_file),
    "theme": (0.5, events.change_theme),
    "resize": (0.7, events.resize),
    "garbage": (0.7, events.paste_garbage),
    "select": (5, Monkey._select),
    "keep size": (6, Monkey._keep_size),
    "pause": (4, Monkey._pause),
    "train": (5, Monkey._train),
    "block": (2, use_block),
    "define": (2, define_parameter),
    "choose reference": (2, choose_reference),
    "undo": (2, Monkey._undo),
}
