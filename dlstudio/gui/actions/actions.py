"""What an action is: one line of the table in `action_table`. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Needs(StrEnum):
    """What must hold for an action to be enabled."""

    NOTHING = ""
    SELECTION = "something is selected"
    SEVERAL_NODES = "several cards are selected"
    THREE_NODES = "three or more cards are selected"
    ONE_NODE = "exactly one card is selected"
    NODES = "the canvas holds a card"
    BLOCK = "a block is selected"
    ANY_BLOCK = "a block is selected or shown"
    INSIDE_BLOCK = "the inside of a block is shown"
    UNDO = "there is a step to take back"
    REDO = "there is a step to do again"
    PROBLEM = "the design has a problem"
    REPAIR = "the selected or first problem has a repair"
    FILE = "the design has a file"
    TRAINABLE = "no run is going on and the design is ready"
    IDLE_OR_PAUSED = "no run is going on, or it is paused"
    ACTIVE = "a run goes on or is paused"
    RUNNING = "a run goes on"
    RUN_OVER = "a run is over"
    GROUPABLE = "layers with weights are selected, and the task leaves the groups to you"
    RUN_CHANGED = "the run was changed while it went on"


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the table.

    Attributes:
        id: Stable name, also the QAction's object name.
        menu: `File`, or `Network/Align` for a sub-menu.
        text: As the menu shows it, with `&` before the access key.
        slot: Path of the method from the main window: `editor.duplicate`.
        keys: Shortcuts in Qt's portable text, the first one shown.
        tip: One sentence for tool tip, status bar and shortcut sheet.
        icon: Name in `resources/icons`, or empty.
        needs: When it is enabled.
        arguments: Given to the slot.
        on_canvas: The shortcut counts only while the canvas has the keyboard.
        separator_before: A line stands above it in the menu.
        state: For one that is on or off: path of the property that says so.
    """

    id: str
    menu: str
    text: str
    slot: str
    keys: tuple[str, ...] = ()
    tip: str = ""
    icon: str = ""
    needs: Needs = Needs.NOTHING
    arguments: tuple[str, ...] = ()
    on_canvas: bool = False
    separator_before: bool = False
    state: str = ""


RECENT_MENU = "File/Open &recent"
"""Filled with file names by the window; the table holds what stands below them."""
MENUS = ("File", "Edit", "View", "Network", "Train", "Help")
