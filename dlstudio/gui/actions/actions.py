"""The declaration of one action in `action_table`. Imports no widget."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Needs(StrEnum):
    """The condition under which an action is enabled."""

    NOTHING = ""
    SELECTION = "something is selected"
    SEVERAL_NODES = "several cards are selected"
    THREE_NODES = "three or more cards are selected"
    ONE_NODE = "exactly one card is selected"
    NODES = "the canvas holds a card"
    BLOCK = "a block is selected"
    ANY_BLOCK = "a block is selected or shown"
    INSIDE_BLOCK = "the inside of a block is shown"
    UNDO = "there is a step to undo"
    REDO = "there is a step to redo"
    PROBLEM = "the design has a problem"
    REPAIR = "the selected or first problem has a fix"
    FILE = "the design has a file"
    RATE_TESTABLE = "no run is active, the design is ready, and its task suits the test"
    TRAINABLE = "no run is active and the design is ready"
    IDLE_OR_PAUSED = "no run is active, or it is paused"
    ACTIVE = "a run is active or paused"
    RUNNING = "a run is active"
    RUN_OVER = "the last run can be continued"
    STARTED = "no run is active, and the network was trained before"
    GROUPABLE = "layers with weights are selected, and the task lets you edit the groups"
    RUN_CHANGED = "settings were changed during the run"


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the table.

    Attributes:
        id: Stable name, also the QAction's object name.
        menu: `File`, or `Network/Align` for a sub-menu.
        text: As the menu shows it, with `&` before the access key.
        slot: Path of the method from the main window: `editor.duplicate`.
        keys: Shortcuts in Qt's portable text, the first one shown.
        tip: One sentence for the tooltip, status bar and shortcut sheet.
        icon: Name in `resources/icons`, or empty.
        needs: When it is enabled.
        arguments: Passed to the slot.
        on_canvas: The shortcut works only while the canvas has keyboard focus.
        separator_before: Whether the menu has a separator above it.
        state: For a checkable action, the path of the property that holds its state: a boolean,
            or the chosen one of several arguments.
        label: Path of a property with the current text and tip, for an action that changes them.
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
    label: str = ""


RECENT_MENU = "File/Open &recent"
"""The window fills it with file names; the table holds the entries below them."""
MENUS = ("File", "Edit", "View", "Network", "Train", "Help")
