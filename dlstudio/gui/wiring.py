"""Who hears whom in the main window.

Signals go to methods: a function that holds the window would keep it after it is closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from dlstudio.gui.own_blocks import library_changes
from dlstudio.gui.preferences import preference_changes

if TYPE_CHECKING:
    from dlstudio.gui.main_window import MainWindow


def wire(window: MainWindow) -> None:
    """Connect the parts of a new window."""
    _wire_document(window)
    _wire_panels(window)
    _wire_runs(window)
    window.painted.connect(window.furnish)
    window.painted.connect(window.menus.draw_icons)
    preference_changes.changed.connect(window.views.dress)
    window.show_title()


def title_of(label: QLabel, name: str, *, clean: bool) -> str:
    """Return what the label of the title says: a long name without its middle."""
    suffix = f" {'' if clean else '(not saved) '}\u2022 dlstudio"
    metrics, margins = label.fontMetrics(), label.contentsMargins()
    width = label.minimumWidth() - margins.left() - margins.right()
    width -= metrics.horizontalAdvance(suffix) + metrics.averageCharWidth()
    return metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, width) + suffix


def _wire_document(window: MainWindow) -> None:
    document, menus = window.document, window.menus
    for signal in (document.clean_changed, document.path_changed, document.project_changed):
        signal.connect(window.show_title)
    document.reset.connect(window.show_title)
    for signal in (
        document.project_changed,
        document.report_changed,
        document.selection_changed,
        document.scope_changed,
        document.path_changed,
        document.undo_stack.canUndoChanged,
        document.undo_stack.canRedoChanged,
        window.session.state_changed,
    ):
        signal.connect(menus.refresh)
    document.message.connect(window.log.add_line)
    document.report_changed.connect(window.count_problems)
    window.files.opened.connect(window.editor.show_start)
    window.files.opened.connect(window.first_look.expect)
    window.files.opened.connect(window.own_data.look_for_lost_data)
    window.files.saved.connect(window.status_line.note_saved)


def _wire_panels(window: MainWindow) -> None:
    window.palette_panel.kind_activated.connect(window.editor.add_kind)
    window.furnished.connect(window.own_blocks.tell_damage)
    library_changes.changed.connect(window.own_blocks.tell_damage)
    window.problems.problem_activated.connect(window.editor.show_node)
    window.bottom.tab_shown.connect(window.views.show_bottom)
    window.checker.failed.connect(window.log.add_error)
    window.log.follow(window.session)
    editor = window.editor
    editor.keep_wanted.connect(window.own_blocks.keep_selected)
    editor.inspector_wanted.connect(window.inspector_dock.show)
    editor.examples_wanted.connect(window.dialogs.show_gallery)
    editor.problem_details.connect(window.show_problems)


def _wire_runs(window: MainWindow) -> None:
    window.run_control.close_wanted.connect(window.close_saved)
    window.run_control.weights_changed.connect(window.status_line.show_weights)
    window.run_bar.examples_wanted.connect(window.dialogs.show_examples_of)
    window.run_bar.commands["reset"] = window.run_control.reset
    window.runs.design_wanted.connect(window.files.open_copy)
    window.checker.device_found.connect(window.status_line.device.setText)
    window.checker.device_found.connect(window.run_bar.show_device)


def wire_plots(window: MainWindow) -> None:
    """Connect the plots, which come after the first paint."""
    window.activations.thumbnails.connect(window.editor.set_thumbnails)
    window.activations.viewed.connect(window.inspector.show_view)
    window.network.restored.connect(window.samples.take_restored)
    window.network.restored.connect(window.first_look.take)
    window.network.lost.connect(window.samples.source.forget)
    for panel in (window.curves, window.activations, window.samples):
        window.next_step.told.connect(panel.say_next)
    window.next_step.tell()
    window.run_control.weights_restored.connect(window.network.restore)
    window.network.restore(window.run_control.weights)
    window.runs.overlay_changed.connect(window.curves.overlay)
    window.past_run.changed.connect(window.curves.show_past)
