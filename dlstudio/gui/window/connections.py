"""Connects the signals of the main window's parts.

Signals are connected to methods: a closure over the window would keep it alive after closing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from dlstudio.gui.document.preferences import preference_changes
from dlstudio.gui.document.user_library import library_changes
from dlstudio.gui.runs.session import IDLE

if TYPE_CHECKING:
    from dlstudio.gui.window.main_window import MainWindow
    from dlstudio.gui.window.plot_panels import PlotPanels


def connect_signals(window: MainWindow) -> None:
    """Connect all parts of a new window; the plots follow once they are built."""
    _connect_document(window)
    _connect_panels(window)
    _connect_data_page(window)
    _connect_runs(window)
    window.plots_ready.connect(_PlotConnections(window).connect_plots)
    window.painted.connect(window.inspector.show_page)
    window.painted.connect(window.build_plots)
    window.painted.connect(window.menus.update_icons)
    preference_changes.changed.connect(window.panel_layout.apply_preferences)
    window.show_title()


def _connect_document(window: MainWindow) -> None:
    document, menus = window.document, window.menus
    for signal in (document.clean_changed, document.path_changed, document.project_changed):
        signal.connect(window.show_title)
    document.reset.connect(window.show_title)
    for signal in (
        document.project_changed,
        document.report_changed,
        document.check_started,
        document.selection_changed,
        document.scope_changed,
        document.path_changed,
        document.undo_stack.canUndoChanged,
        document.undo_stack.canRedoChanged,
        window.session.state_changed,
        window.session.run_restored,
        window.session.history_reset,
    ):
        signal.connect(menus.refresh)
    document.message.connect(window.log.add_line)
    document.report_changed.connect(window.update_problem_count)
    window.files.opened.connect(window.editor.show_start)
    window.files.opened.connect(window.initial_tab.on_design_opened)
    window.files.opened.connect(window.data_importer.offer_to_relocate)
    window.files.saved.connect(window.status_bar.mark_saved)
    window.files.recent_changed.connect(window.recent_menu.fill)


def _connect_panels(window: MainWindow) -> None:
    window.palette_panel.kind_activated.connect(window.editor.add_kind)
    window.plots_ready.connect(window.user_blocks.report_unreadable)
    library_changes.changed.connect(window.user_blocks.report_unreadable)
    window.problems.problem_activated.connect(window.editor.show_node)
    window.bottom.tab_shown.connect(window.panel_layout.show_bottom)
    window.checker.failed.connect(window.log.add_error)
    window.checker.failed.connect(window.session.cancel_start)
    window.log.follow(window.session)
    editor = window.editor
    editor.inspector_requested.connect(window.docks.inspector.show)
    editor.examples_requested.connect(window.gallery.show)
    window.inspector.example_requested.connect(window.files.open_example)
    window.inspector.card_requested.connect(editor.show_node)
    editor.problem_details_requested.connect(window.show_problems)


def _connect_data_page(window: MainWindow) -> None:
    importer = window.data_importer
    importer.page_requested.connect(window.pages.show_page)
    importer.page_closed.connect(window.pages.close_page)
    window.files.opened.connect(importer.leave)
    importer.facts_changed.connect(window.page_facts.refresh)
    importer.may_measure = lambda: window.session.state == IDLE
    importer.design_chosen.connect(window.open_first_network)
    importer.baseline_known.connect(window.session.baselines.add)
    window.inspector.columns_requested.connect(importer.review)


def _connect_runs(window: MainWindow) -> None:
    window.session.started.connect(window.initial_tab.on_run_started)
    window.session.started.connect(window.document.end_merging)
    window.session.shown_weights.changed.connect(
        lambda origin: window.editor.set_outdated(origin.is_outdated)
    )
    window.run_controller.close_requested.connect(window.save_and_close)
    window.run_controller.weights_changed.connect(window.status_bar.show_weights)
    window.session.shown_weights.changed.connect(window.status_bar.show_origin)
    window.inspector.rate_test_requested.connect(window.dialogs.show_rate_range)
    window.run_bar.examples_requested.connect(window.gallery.show_task)
    window.runs.design_requested.connect(window.files.open_copy)
    window.checker.device_found.connect(window.status_bar.device.setText)
    window.checker.device_found.connect(window.run_bar.show_device)


class _PlotConnections(QObject):
    """Connects the plots of a window, which are built after the first paint."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @Slot(object)
    def connect_plots(self, panels: PlotPanels) -> None:
        window, network, curves = self._window, panels.trained_network, panels.curves
        panels.activations.thumbnails_changed.connect(window.editor.set_thumbnails)
        for view_panel in panels.shared_view_panels():
            view_panel.card_values_changed.connect(window.editor.show_card_values)
        panels.activations.view_changed.connect(window.inspector.show_view)
        network.restored.connect(window.initial_tab.on_network_restored)
        network.failed.connect(window.document.message)
        window.dialogs.worker = panels.view_worker.worker
        for panel in (curves, panels.activations, panels.samples):
            panels.placeholder_text.changed.connect(panel.show_placeholder)
        panels.placeholder_text.update()
        window.run_controller.weights_restored.connect(network.restore)
        network.restore(window.run_controller.weights)
        window.runs.overlay_changed.connect(curves.overlay)
        panels.previous_run.changed.connect(curves.show_previous)
        window.run_controller.next_run.wait_for(panels.previous_run)
        for signal in (
            curves.save_failed,
            curves.save_progress,
            panels.samples.save_failed,
            curves.load_failed,
        ):
            signal.connect(window.document.message)
