"""The main window: builds and lays out the panels. It holds no logic of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from dlstudio.design.model.model import Project
from dlstudio.gui.background.background_task import stop_all_tasks
from dlstudio.gui.canvas.editor.editor import CanvasEditor
from dlstudio.gui.data.data_import import DataImporter
from dlstudio.gui.document.checker import DesignChecker
from dlstudio.gui.document.document import Document
from dlstudio.gui.files.design_files import DesignFiles
from dlstudio.gui.inspector.inspector import Inspector
from dlstudio.gui.inspector.parameter_group_actions import ParameterGroupActions
from dlstudio.gui.palette.palette import Palette
from dlstudio.gui.palette.palette_menu import PaletteMenu
from dlstudio.gui.palette.user_blocks import UserBlocks
from dlstudio.gui.problems.problem_navigator import ProblemNavigator
from dlstudio.gui.problems.problems import ProblemsPanel
from dlstudio.gui.prompts.prompts import Prompts
from dlstudio.gui.runs.control.run_controller import STOP_SECONDS, RunController
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.style.icons import icon
from dlstudio.gui.training.log import LogPanel
from dlstudio.gui.training.run_bar import RunBar
from dlstudio.gui.training.runs import RunsPanel
from dlstudio.gui.widgets.pages import Pages
from dlstudio.gui.window.action_state import enabled_conditions
from dlstudio.gui.window.autosave import Autosave
from dlstudio.gui.window.bottom_panel import BottomPanel
from dlstudio.gui.window.dialog_launcher import DialogLauncher
from dlstudio.gui.window.docks import DEFAULT_SIZE, add_docks, apply_default_sizes
from dlstudio.gui.window.file_drop import DropFrame, accept_copy, dropped_file, open_dropped_file
from dlstudio.gui.window.gallery_host import GalleryHost
from dlstudio.gui.window.initial_tab import InitialTab
from dlstudio.gui.window.menu_bar import MenuBarBuilder
from dlstudio.gui.window.panel_layout import PanelLayout
from dlstudio.gui.window.recent_menu import RecentMenu
from dlstudio.gui.window.status_bar import PageFacts, StatusBar
from dlstudio.gui.window.title_label import TitleLabel

if TYPE_CHECKING:
    from dlstudio.gui.window.plot_panels import PlotPanels

SIDE_MIN_WIDTHS = (170, 260)


class MainWindow(QMainWindow):
    """The window of one design.

    Signals:
        painted: The window was painted for the first time.
        plots_ready: The plots were built, after the first paint; carries the `PlotPanels`.
    """

    painted = Signal()
    plots_ready = Signal(object)

    def __init__(self, document: Document | None = None, prompts: Prompts | None = None) -> None:
        """Build the window; `build_plots` adds the plots after the first paint."""
        super().__init__()
        self.document = document or Document()
        self.session = TrainingSession(self.document)
        self.prompts = prompts or Prompts(self)
        self.run_controller = RunController(self.document, self.session, self.prompts, self)
        self.files = DesignFiles(self.document, self.run_controller, self.prompts, self)
        self.autosave = Autosave(self.document, self.session, self.run_controller, self.files)
        self.data_importer = DataImporter(self.document, self.prompts, self)
        self.user_blocks = UserBlocks(self.document, self.prompts, self)
        self.checker = DesignChecker(self.document, self)
        self._build_widgets()
        self._lay_out()
        self.panel_layout = PanelLayout(
            self, self.docks, self.palette_panel, self.bottom, self.editor.initial_view
        )
        self.group_actions = ParameterGroupActions(self.document, self.inspector)
        self.initial_tab = InitialTab(self.document, self.session, self.bottom)
        self.dialogs = DialogLauncher(
            self, self.document, self.session, self.run_controller, self.editor.text_summary
        )
        self.gallery = GalleryHost(self)
        self.palette_menu = PaletteMenu(
            self.palette_panel, self.editor, self.document, self.user_blocks
        )
        self.title_label.setMinimumHeight(self.menuBar().sizeHint().height() - 4)
        self.recent_menu = RecentMenu(self.menus, self.files)
        self.panels: PlotPanels | None = None
        """The plots, once they are built."""
        self._was_painted = False
        self.setAcceptDrops(True)
        self.drop_frame = DropFrame(self)

    def build_plots(self) -> None:
        """Build the plots and start checking the design."""
        if self.panels is not None:
            return
        from dlstudio.gui.window.plot_panels import create_plot_panels

        self.panels = create_plot_panels(self.document, self.session, self)
        for name, panel in self.panels.tabs():
            self.bottom.add_panel(name, panel)
        self.plots_ready.emit(self.panels)
        self.checker.start()

    def show_title(self) -> None:
        """Show the design's name and whether it is saved in the title."""
        name, clean = self.document.name, self.document.is_clean
        self.setWindowTitle(f"{name}[*] \u2013 dlstudio")
        self.setWindowModified(not clean)
        self.title_label.show_design(name, clean=clean)

    def save_and_close(self) -> None:
        """Save unsaved changes and close; stay open if saving fails."""
        if self.document.is_clean or self.files.save():
            self.close()

    def open_first_network(self, project: Project, train: bool) -> None:
        """Open a design that was built for the user's data, and train it."""
        if not self.files.open_project(project):
            return
        self.document.mark_unsaved()
        self.pages.close_page()
        if train:
            self.bottom.show_tab("curves")
            self.session.train()

    def show_problems(self) -> None:
        """Show the problems tab."""
        self.bottom.show_tab("problems")

    def update_problem_count(self) -> None:
        """Show the number of problems on their tab."""
        problems = self.document.report.problems
        wrong = any(problem.is_contradiction for problem in problems)
        self.bottom.show_problem_count(len(problems), wrong=wrong)

    def apply_default_sizes(self) -> None:
        """Set the default size of every panel; a small window shrinks the palette."""
        apply_default_sizes(self, self.docks)

    def event(self, event: QEvent) -> bool:
        """Emit `painted` after the first paint."""
        handled = super().event(event)
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)
        return handled

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work, save the layout and release the file."""
        if not self.files.confirm_leave(closing=True):
            event.ignore()
            return
        self.panel_layout.save()
        self.dispose()
        super().closeEvent(event)

    def dispose(self) -> None:
        """Stop threads and release files without asking; the window must not be used afterwards."""
        self.session.stop()
        self.session.wait(STOP_SECONDS)
        self.checker.stop()  # a late report would start a task
        stop_all_tasks()
        self.data_importer.close()
        if self.panels is not None:
            self.panels.view_worker.close()
        self.autosave.close()
        self.files.close()
        self.document.undo_stack.blockSignals(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept designs and data."""
        path = dropped_file(event.mimeData())
        if path is not None:
            accept_copy(event)
            self.drop_frame.show_for(path)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_frame.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a dropped design or data set.

        Deferred until after the drop, because a question would block the source program.
        """
        self.drop_frame.hide()
        path = dropped_file(event.mimeData())
        if path is not None:
            accept_copy(event)
            QTimer.singleShot(
                0, self, partial(open_dropped_file, path, self.files, self.data_importer)
            )

    def _build_widgets(self) -> None:
        self.editor = CanvasEditor(self.document)
        self.palette_panel = Palette(self.document)
        self.inspector = Inspector(self.document, self.session)
        self.problem_navigator = ProblemNavigator(self.document, self.editor.show_node)
        needs = enabled_conditions(
            self.document, self.session, self.run_controller, self.problem_navigator
        )
        self.menus = MenuBarBuilder(self.menuBar(), self, self.editor, needs)
        self.editor.actions_by_id = self.menus.actions
        self.run_bar = RunBar(
            self.document, self.session, self.run_controller.next_run, self.menus.actions
        )
        self.problems = ProblemsPanel(self.document)
        self.log = LogPanel()
        self.runs = RunsPanel(self.document, self.session)
        self.palette_panel.setMinimumWidth(SIDE_MIN_WIDTHS[0])
        self.inspector.setMinimumWidth(SIDE_MIN_WIDTHS[1])
        self.bottom = BottomPanel()
        for name in ("problems", "runs", "log"):
            self.bottom.add_panel(name, getattr(self, name))
        self.title_label = TitleLabel()

    def _lay_out(self) -> None:
        self.setWindowIcon(icon("dlstudio"))
        self.menuBar().setCornerWidget(self.title_label, Qt.Corner.TopRightCorner)
        toolbar = self.addToolBar("Run")
        toolbar.setObjectName("Run")
        toolbar.setMovable(False)
        toolbar.toggleViewAction().setEnabled(False)
        toolbar.addWidget(self.run_bar)
        self.run_toolbar = toolbar
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.editor)
        self.setCentralWidget(centre)
        self.docks = add_docks(self, self.palette_panel, self.inspector, self.bottom)
        self.status_bar = StatusBar(self.document, self)
        self.setStatusBar(self.status_bar)
        self.pages = Pages(self)
        self.page_facts = PageFacts(self.pages, self.status_bar)
        self.editor.setFocus()
        self.resize(*DEFAULT_SIZE)
        self.apply_default_sizes()
