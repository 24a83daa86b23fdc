"""The flat table of every command in the window.

Menus, shortcuts, tooltips, the shortcut sheet and the tests derive from it. It imports no widget:
a slot is the dotted path of a method, starting at the main window.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QKeySequence

from dlstudio.gui.actions.actions import RECENT_MENU, Action, Needs
from dlstudio.gui.actions.view_actions import TAB_SLOT, plain_text, view_actions
from dlstudio.training.options.speeds import SPEEDS

_WALK_MENU = "Network/G&o to card"

# fmt: off
_FILE = (
    Action("new", "File", "&New", "files.new", ("Ctrl+N",), "Start an empty design.", "new"),
    Action("open", "File", "&Open…", "files.open", ("Ctrl+O",), "Open a design or a bundle.",
           "open"),
    Action("clear-recent", RECENT_MENU, "&Clear this list", "files.clear_recent",
           tip="Forget the recently opened files.", separator_before=True),
    Action("examples", "File", "S&tart page and examples", "gallery.show", ("Ctrl+Shift+O",),
           "Show the gallery: ready-made networks to train and take apart.", "gallery"),
    Action("save", "File", "&Save", "files.save", ("Ctrl+S",),
           "Save the design, its trained weights beside it.", "save", separator_before=True),
    Action("save-as", "File", "Save &as…", "files.save_as", ("Ctrl+Shift+S",),
           "Save the design under another name.", "save-as"),
    Action("save-bundle", "File", "Save as &bundle…", "files.save_bundle",
           tip="Save design and weights in one file for sending.", icon="bundle"),
    Action("reload", "File", "&Reload from disk", "files.reload",
           tip="Discard all changes since the last save.", icon="reset", needs=Needs.FILE),
    Action("import-data", "File", "Use your own &data…", "data_importer.open",
           tip="Train on a table, a text, arrays, or a folder of images or sounds.",
           icon="import", separator_before=True),
    Action("save-picture", "File", "Save w&indow as image…", "files.save_screenshot",
           tip="Save the window as a PNG image.", icon="picture"),
    Action("preferences", "File", "&Preferences…", "dialogs.show_preferences", ("Ctrl+,",),
           "Theme, font size, threads and folders.", "preferences", separator_before=True),
    Action("quit", "File", "&Quit", "close", ("Ctrl+Q",),
           "Close dlstudio; asks about unsaved changes.", "close"),
)
_EDIT = (
    Action("undo", "Edit", "&Undo", "document.undo_stack.undo", ("Ctrl+Z",),
           "Undo the last step.", "undo", Needs.UNDO),
    Action("redo", "Edit", "&Redo", "document.undo_stack.redo", ("Ctrl+Shift+Z", "Ctrl+Y"),
           "Redo the step that was undone.", "redo", Needs.REDO),
    Action("cut", "Edit", "Cu&t", "editor.cut", ("Ctrl+X",),
           "Move the selected cards to the clipboard.", "cut", Needs.SELECTION, on_canvas=True,
           separator_before=True),
    Action("copy", "Edit", "&Copy", "editor.copy", ("Ctrl+C",),
           "Copy the selected cards; they can be pasted into other windows.", "copy",
           Needs.SELECTION,
           on_canvas=True),
    Action("paste", "Edit", "&Paste", "editor.paste", ("Ctrl+V",), "Insert copied cards.", "paste",
           on_canvas=True),
    Action("duplicate", "Edit", "Dup&licate", "editor.duplicate", ("Ctrl+D",),
           "Insert a copy of the selected cards beside them.", "duplicate", Needs.SELECTION),
    Action("delete", "Edit", "&Delete", "editor.delete_selection", ("Del", "Backspace"),
           "Remove the selected cards and their wires.", "delete", Needs.SELECTION, on_canvas=True),
    Action("delete-rewire", "Edit", "Delete and re&wire", "editor.delete_and_rewire",
           ("Ctrl+Del", "Ctrl+Backspace"),
           "Remove the selected cards and reconnect their neighbours.", "link", Needs.SELECTION,
           on_canvas=True),
    Action("select-all", "Edit", "Select &all", "editor.select_all", ("Ctrl+A",),
           "Select every card and note.", on_canvas=True, separator_before=True),
    Action("select-none", "Edit", "Select &none", "editor.select_none", ("Ctrl+Shift+A",),
           "Clear the selection; the inspector then shows the whole network.",
           needs=Needs.SELECTION),
    Action("find", "Edit", "&Find on the canvas…", "editor.open_find_bar", ("Ctrl+F",),
           "Find a card by its title, kind or name.", "search"),
    Action("rename", "Edit", "R&ename", "editor.rename_selection", ("F2",),
           "Change the title of the selected card.", "pencil", Needs.ONE_NODE),
    Action("note", "Edit", "Add a n&ote", "editor.add_note", ("Ctrl+Shift+N",),
           "Add a note to the canvas.", "note", separator_before=True),
)
_CANVAS_AND_CURVES = (
    Action("zoom-in", "View", "Zoom &in", "editor.zoom_in", ("Ctrl++", "Ctrl+="),
           "Zoom in on the canvas.", "zoom-in"),
    Action("zoom-out", "View", "Zoom &out", "editor.zoom_out", ("Ctrl+-",),
           "Zoom out of the canvas.", "zoom-out"),
    Action("zoom-reset", "View", "&Actual size", "editor.zoom_reset", ("Ctrl+0",),
           "Show the canvas at 100 %."),
    Action("zoom-fit", "View", "&Fit the network", "editor.zoom_fit", ("Ctrl+1",),
           "Show the whole network.", "fit"),
    Action("zoom-selection", "View", "Fit t&he selection", "editor.zoom_selection", ("Ctrl+2",),
           "Zoom so that the selected cards fill the canvas.", needs=Needs.SELECTION),
    Action("wire-shapes", "View", "Shapes on &wires", "editor.toggle_wire_shapes",
           ("Ctrl+Shift+W",), "Show the tensor shape beside each wire.", "link",
           separator_before=True),
    Action("curves", "View", "&Curves", TAB_SLOT, ("Alt+1",),
           "Show loss and metrics during training.",
           "curves", arguments=("curves",), separator_before=True),
)
_TABS_AND_PANELS = (
    Action("problems", "View", "&Problems", TAB_SLOT, ("Alt+6",),
           "List problems and their fixes.", "warning", arguments=("problems",)),
    Action("runs", "View", "&Runs", TAB_SLOT, ("Alt+7",), "Compare this design's runs.",
           "runs", arguments=("runs",)),
    Action("log", "View", "&Log", TAB_SLOT, ("Alt+8",),
           "Show messages and errors in full detail.", "log", arguments=("log",)),
    Action("show-palette", "View", "Layer pale&tte", "panel_layout.toggle_palette", ("Ctrl+Alt+1",),
           "Show or hide the layer palette on the left.", state="panel_layout.palette_visible",
           separator_before=True),
    Action("show-inspector", "View", "I&nspector", "panel_layout.toggle_inspector", ("Ctrl+Alt+2",),
           "Show or hide the inspector on the right.", state="panel_layout.inspector_visible"),
    Action("show-bottom", "View", "&Bottom panels", "panel_layout.toggle_bottom", ("Ctrl+Alt+3",),
           "Show or hide curves, activations, problems, runs and log.",
           state="panel_layout.bottom_visible"),
    Action("loose-panels", "View", "&Move panels", "panel_layout.toggle_floating",
           tip="Give the panels title bars, so that they can be moved or detached.",
           state="panel_layout.floating"),
    Action("reset-panels", "View", "Reset panel la&yout", "panel_layout.reset_panels",
           tip="Move every panel back to its default position."),
    Action("presentation", "View", "Pr&esentation", "panel_layout.toggle_presentation", ("F11",),
           "Full screen with large text, canvas and curves only; F11 or Esc ends it.",
           "presentation",
           state="panel_layout.is_presenting", separator_before=True),
)
_NETWORK = (
    Action("add-layer", "Network", "&Add a layer…", "editor.open_search", ("Tab", "Ctrl+Space"),
           "Search for a layer and add it to the canvas.", "add", on_canvas=True),
    Action("search-palette", "Network", "&Search the palette", "panel_layout.focus_palette",
           ("Ctrl+K",), "Find a layer by name; Enter adds it after the selection and connects it.",
           "search"),
    Action("arrange", "Network", "A&rrange all", "editor.arrange", ("Ctrl+L",),
           "Arrange all cards from left to right.", "arrange", Needs.NODES, separator_before=True),
    Action("arrange-keep", "Network", "Arrange aroun&d the selection", "editor.arrange_keep",
           ("Ctrl+Shift+L",), "Arrange all other cards; the selected ones stay in place.",
           needs=Needs.SELECTION),
    Action("align-left", "Network/A&lign", "&Left edges", "editor.align", ("Ctrl+Shift+Left",),
           "Align the left edges.", "align", Needs.SEVERAL_NODES, ("left",)),
    Action("align-centre", "Network/A&lign", "&Centres", "editor.align",
           tip="Align the horizontal centres.", needs=Needs.SEVERAL_NODES,
           arguments=("centre",)),
    Action("align-right", "Network/A&lign", "&Right edges", "editor.align", ("Ctrl+Shift+Right",),
           "Align the right edges.", needs=Needs.SEVERAL_NODES, arguments=("right",)),
    Action("align-top", "Network/A&lign", "&Top edges", "editor.align", ("Ctrl+Shift+Up",),
           "Align the top edges.", needs=Needs.SEVERAL_NODES, arguments=("top",),
           separator_before=True),
    Action("align-middle", "Network/A&lign", "&Middles", "editor.align",
           tip="Align the vertical centres.", needs=Needs.SEVERAL_NODES,
           arguments=("middle",)),
    Action("align-bottom", "Network/A&lign", "&Bottom edges", "editor.align",
           ("Ctrl+Shift+Down",), "Align the bottom edges.", needs=Needs.SEVERAL_NODES,
           arguments=("bottom",)),
    Action("distribute-horizontally", "Network/A&lign", "Distribute &horizontally",
           "editor.distribute", tip="Make the horizontal gaps between the cards equal.",
           needs=Needs.THREE_NODES, arguments=("horizontally",), separator_before=True),
    Action("distribute-vertically", "Network/A&lign", "Distribute &vertically",
           "editor.distribute", tip="Make the vertical gaps between the cards equal.",
           needs=Needs.THREE_NODES, arguments=("vertically",)),
    Action("group", "Network", "&Group into a block", "editor.group", ("Ctrl+G",),
           "Combine the selected cards into one block.", "group", Needs.SELECTION,
           separator_before=True),
    Action("ungroup", "Network", "&Ungroup", "editor.ungroup", ("Ctrl+Shift+G",),
           "Replace the selected block with its layers.", "ungroup", Needs.BLOCK),
    Action("enter-block", "Network", "&Open the block", "editor.enter_block", ("Ctrl+Down",),
           "Show the inside of the selected block.", "block", Needs.BLOCK),
    Action("keep-block", "Network", "Save to My bloc&ks…", "user_blocks.save_selected",
           tip="Save the selected or open block for use in other designs.", icon="save",
           needs=Needs.ANY_BLOCK),
    Action("leave-block", "Network", "&Back to the network", "editor.leave_block", ("Ctrl+Up",),
           "Close the block and show the network.", needs=Needs.INSIDE_BLOCK),
    Action("connect", "Network", "&Connect the selection", "editor.connect_selection", ("C",),
           "Connect the selected cards from left to right.", "link", Needs.SEVERAL_NODES,
           on_canvas=True),
    Action("walk-next", _WALK_MENU, "&Next card", "editor.select_neighbour",
           ("Alt+PgDown",), "Select the next card in reading order.", needs=Needs.NODES,
           arguments=("next",), on_canvas=True),
    Action("walk-previous", _WALK_MENU, "&Previous card", "editor.select_neighbour",
           ("Alt+PgUp",), "Select the previous card in reading order.", needs=Needs.NODES,
           arguments=("previous",), on_canvas=True),
    Action("walk-right", _WALK_MENU, "&Forward along a wire", "editor.select_neighbour",
           ("Alt+Right",), "Select the card at the end of a wire.", needs=Needs.NODES,
           arguments=("right",), on_canvas=True),
    Action("walk-left", _WALK_MENU, "&Back along a wire", "editor.select_neighbour",
           ("Alt+Left",), "Select the card at the start of a wire.", needs=Needs.NODES,
           arguments=("left",), on_canvas=True),
    Action("walk-up", _WALK_MENU, "Card &above", "editor.select_neighbour",
           ("Alt+Up",), "Select the nearest card above.", needs=Needs.NODES, arguments=("up",),
           on_canvas=True),
    Action("walk-down", _WALK_MENU, "Card be&low", "editor.select_neighbour",
           ("Alt+Down",), "Select the nearest card below.", needs=Needs.NODES,
           arguments=("down",), on_canvas=True),
    Action("next-problem", "Network", "&Next problem", "problem_navigator.show_next", ("F8",),
           "Go to the next card with a problem.", "warning", Needs.PROBLEM, separator_before=True),
    Action("mend", "Network", "Fi&x problem", "problem_navigator.apply_fix", ("Shift+F8",),
           "Apply the first fix to the problem of the selected card; without a selection, to the "
           "first problem.", "wrench",
           Needs.REPAIR),
    Action("choose-remedy", "Network", "C&hoose a fix", "editor.focus_fixes", ("Ctrl+.",),
           "Move the focus to a problem's fix buttons; Tab moves on, Esc returns.",
           needs=Needs.PROBLEM),
    Action("summary", "Network", "&Text summary…", "dialogs.show_summary", ("Ctrl+I",),
           "Describe the network in words, to copy or for a screen reader.", "log",
           separator_before=True),
)
_SPEED_MENU = "Train/Spee&d"
_SPEED_TEXTS = {
    "fastest": "&As fast as possible",
    "100": "10&0 steps a second",
    "30": "&30 steps a second",
    "10": "&10 steps a second",
    "3": "3 &steps a second",
    "1": "&One step a second",
}
_TRAIN = (
    Action("train", "Train", "&Train", "run_controller.next_run.train", ("F5",),
           "Train the network, continue the last run, or resume after a pause.", "play",
           Needs.IDLE_OR_PAUSED, label="run_bar.train_label"),
    Action("pause", "Train", "&Pause", "session.pause", ("F6",),
           "Pause the run after the current step.",
           "pause", Needs.RUNNING),
    Action("step", "Train", "&Single step", "run_controller.next_run.step", ("F10",),
           "Train one batch, then pause.", "step", Needs.IDLE_OR_PAUSED),
    Action("step-epoch", "Train", "Single &epoch", "run_controller.next_run.step_epoch",
           ("Shift+F10",),
           "Train until the end of the epoch, then pause.", "step-epoch", Needs.IDLE_OR_PAUSED),
    Action("stop", "Train", "St&op", "session.stop", ("Shift+F5",),
           "Stop the run and keep the weights.", "stop", Needs.ACTIVE),
    Action("reset", "Train", "&Reset", "run_controller.reset", ("Ctrl+Shift+F5",),
           "Reset to the initial weights.", "reset", separator_before=True),
    Action("continue", "Train", "&Continue for more epochs…", "run_controller.prompt_continue",
           ("Ctrl+F5",), "Continue the last run for a number of epochs that you choose.",
           "continue",
           Needs.RUN_OVER),
    Action("start-over", "Train", "Start o&ver", "run_controller.next_run.start_over", ("F7",),
           "Start a new run from initial weights; the last run stays in the list of runs.",
           "start-over", Needs.STARTED),
    *(
        Action(f"speed-{name}", _SPEED_MENU, _SPEED_TEXTS[name], "session.set_speed",
               tip=f"{speed.title}, in this run and the next ones.", arguments=(name,),
               state="session.speed")
        for name, speed in SPEEDS.items()
    ),
    Action("find-rate", "Train", "Find a learnin&g rate…", "dialogs.show_rate_range",
           tip="Train a copy of the network for a moment while the learning rate rises.",
           icon="curves", needs=Needs.RATE_TESTABLE, separator_before=True,
           label="dialogs.rate_label"),
    Action("take-weights", "Train", "Import &weights…", "dialogs.show_import_weights",
           tip="Start from the weights of another design or a PyTorch file.", icon="import",
           needs=Needs.TRAINABLE),
    Action("own-group", "Train", "Separate &learning rate for the selection",
           "group_actions.create_for_selection",
           tip="Create a parameter group for the selected layers and show its learning rate.",
           icon="optimiser", needs=Needs.GROUPABLE),
    Action("keep-changes", "Train", "&Apply run changes to the design",
           "run_controller.apply_changes",
           tip="Copy the settings changed during the run into the design.", icon="check",
           needs=Needs.RUN_CHANGED),
)
_HELP = (
    Action("shortcuts", "Help", "&Keyboard shortcuts", "dialogs.show_shortcuts", ("F1", "Ctrl+/"),
           "Show all shortcuts on one page, to read or print.", "keyboard"),
    Action("log-folder", "Help", "&Open the runs folder", "files.show_runs_folder",
           tip="Open this design's runs folder in the file manager.", icon="folder"),
    Action("about", "Help", "&About dlstudio", "dialogs.show_about",
           tip="Version, licence and library versions.", icon="info", separator_before=True),
)
# fmt: on
_VIEW = (
    *_CANVAS_AND_CURVES,
    *view_actions((*_CANVAS_AND_CURVES, *_TABS_AND_PANELS)),
    *_TABS_AND_PANELS,
)
ACTIONS: tuple[Action, ...] = (*_FILE, *_EDIT, *_VIEW, *_NETWORK, *_TRAIN, *_HELP)
ACTIONS_BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}
TABS: tuple[str, ...] = tuple(action.arguments[0] for action in ACTIONS if action.slot == TAB_SLOT)
"""Names of the tabs at the bottom of the window, in their order."""


def tab_title(name: str) -> str:
    """Return the title of a tab: the text of its menu entry."""
    return next(
        action_title(action.id)
        for action in ACTIONS
        if action.slot == TAB_SLOT and action.arguments == (name,)
    )


def action_title(action_id: str) -> str:
    """Return an action's text as a title: without access key and ellipsis."""
    return plain_text(ACTIONS_BY_ID[action_id].text).rstrip("…")


def tool_tip(action: Action) -> str:
    """Return the tooltip of an action: its tip and first shortcut."""
    if not action.keys:
        return action.tip
    shortcut = QKeySequence(action.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{action.tip} ({shortcut})"
