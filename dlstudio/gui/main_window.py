"""The main window: puts the parts side by side. It decides nothing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QVBoxLayout, QWidget

from dlstudio.gui.bottom_area import BottomArea
from dlstudio.gui.canvas.editor import CanvasEditor
from dlstudio.gui.checker import DesignChecker
from dlstudio.gui.conditions import conditions
from dlstudio.gui.design_files import DesignFiles
from dlstudio.gui.dialogs import Dialogs
from dlstudio.gui.document import Document
from dlstudio.gui.drops import accept_copy, dropped_file, take_file
from dlstudio.gui.first_look import FirstLook
from dlstudio.gui.icons import icon
from dlstudio.gui.layer_groups import LayerGroups
from dlstudio.gui.menus import Menus
from dlstudio.gui.own_blocks import OwnBlocks
from dlstudio.gui.own_data import OwnData
from dlstudio.gui.palette_menu import PaletteMenu
from dlstudio.gui.panels.data_reading import end_readings
from dlstudio.gui.panels.inspector.inspector import Inspector
from dlstudio.gui.panels.log import LogPanel
from dlstudio.gui.panels.palette import Palette
from dlstudio.gui.panels.problems import ProblemsPanel
from dlstudio.gui.panels.run_bar import RunBar
from dlstudio.gui.panels.runs import RunsPanel
from dlstudio.gui.problem_tour import ProblemTour
from dlstudio.gui.questions import Questions
from dlstudio.gui.recent_menu import RecentMenu
from dlstudio.gui.run_control import STOP_SECONDS, RunControl
from dlstudio.gui.safety import SafetyCopies
from dlstudio.gui.session import TrainingSession
from dlstudio.gui.status_line import StatusLine
from dlstudio.gui.theme import FONT_SIZE
from dlstudio.gui.views import Views, set_loose
from dlstudio.gui.wiring import title_of, wire, wire_plots

FIRST_SIZE = (1440, 900)
SIDE_WIDTHS = (224, 300)
SIDE_MINIMA = (170, 260)
BOTTOM_SHARE = 0.32
TITLE_WIDTH = 360


class MainWindow(QMainWindow):
    """One design in one window.

    Signals:
        painted: The window was painted for the first time.
        furnished: Everything that could wait for the first paint is there as well.
    """

    painted = Signal()
    furnished = Signal()

    def __init__(
        self, document: Document | None = None, questions: Questions | None = None
    ) -> None:
        """Build the window; the plots follow after the first paint."""
        super().__init__()
        self.document = document or Document()
        self.session = TrainingSession(self.document)
        self.questions = questions or Questions(self)
        self.run_control = RunControl(self.document, self.session, self.questions, self)
        self.files = DesignFiles(self.document, self.run_control, self.questions, self)
        self.safety = SafetyCopies(self.document, self.session, self.run_control, self.files)
        self.own_data = OwnData(self.document, self.questions, self)
        self.own_blocks = OwnBlocks(self.document, self.questions, self)
        self.checker = DesignChecker(self.document, self)
        self._build_parts()
        self._place_parts()
        self.views = Views(self)
        self.layer_groups = LayerGroups(self.document, self.inspector)
        self.first_look = FirstLook(self.document, self.session, self.bottom)
        self.dialogs = Dialogs(self)
        self.palette_menu = PaletteMenu(
            self.palette_panel, self.editor, self.document, self.own_blocks
        )
        self.problem_tour = ProblemTour(self.document, self.editor.show_node)
        needs = conditions(self.document, self.session, self.run_control, self.problem_tour)
        self.menus = Menus(self.menuBar(), self, self.editor, needs)
        self.title_label.setMinimumHeight(self.menuBar().sizeHint().height() - 4)
        self.recent_menu = RecentMenu(self.menus, self.files)
        wire(self)
        self._was_painted = False
        self.setAcceptDrops(True)

    @property
    def is_furnished(self) -> bool:
        """Whether the plots are there."""
        return hasattr(self, "curves")

    def furnish(self) -> None:
        """Build what could wait for the first paint, and begin to check the design."""
        if self.is_furnished:
            return
        from dlstudio.gui.plots.activations import ActivationsPanel
        from dlstudio.gui.plots.anomalies import AnomaliesPanel
        from dlstudio.gui.plots.curves import CurvesPanel
        from dlstudio.gui.plots.linear_probe import LinearProbePanel
        from dlstudio.gui.plots.network_at_hand import NetworkAtHand
        from dlstudio.gui.plots.next_step import NextStep
        from dlstudio.gui.plots.past_run import PastRun
        from dlstudio.gui.plots.samples import SamplesPanel

        self.curves = CurvesPanel(self.session)
        self.past_run = PastRun(self.document, self.session, self)
        self.network = NetworkAtHand(self.document, self.session, self)
        self.next_step = NextStep(self.document, self.session, self.network, self)
        self.activations = ActivationsPanel(self.document, self.session, self.network)
        self.bottom.put("curves", self.curves)
        self.bottom.put("activations", self.activations)
        self.samples = SamplesPanel(self.document, self.session)
        self.bottom.put("samples", self.samples)
        self.anomalies = AnomaliesPanel(self.document, self.network)
        self.probe = LinearProbePanel(self.document, self.network)
        self.bottom.put("anomalies", self.anomalies)
        self.bottom.put("probe", self.probe)
        for panel in (self.curves, self.samples):
            panel.not_saved.connect(self.document.message)
        self.curves.not_read.connect(self.document.message)
        wire_plots(self)
        self.checker.start()
        self.furnished.emit()

    def show_title(self) -> None:
        """Write the design's name, and whether it is saved, into the title."""
        name, clean = self.document.name, self.document.is_clean
        self.setWindowTitle(f"{name}[*] \u2013 dlstudio")
        self.setWindowModified(not clean)
        self.title_label.setText(title_of(self.title_label, name, clean=clean))
        self.title_label.setToolTip(name)

    def close_saved(self) -> None:
        """Save what there is to save, and close; stay where it cannot be saved."""
        if self.document.is_clean or self.files.save():
            self.close()

    def show_problems(self) -> None:
        """Show the list of problems."""
        self.bottom.show_tab("problems")

    def count_problems(self) -> None:
        """Write the number of problems on their tab."""
        self.bottom.show_problem_count(len(self.document.report.problems))

    def apply_first_sizes(self) -> None:
        """Give every panel its first size; in a small window the palette gives way."""
        docks = [self.palette_dock, self.inspector_dock]
        for dock in (*docks, self.bottom_dock):
            dock.show()
        scale = max(self.fontInfo().pixelSize() / FONT_SIZE, 1.0)
        palette_width = round(SIDE_WIDTHS[0] * scale * min(self.width() / FIRST_SIZE[0], 1.0))
        inspector_width = round(SIDE_WIDTHS[1] * scale)
        self.resizeDocks(docks, [palette_width, inspector_width], Qt.Orientation.Horizontal)
        height = round(self.height() * BOTTOM_SHARE)
        self.resizeDocks([self.bottom_dock], [height], Qt.Orientation.Vertical)

    def event(self, event: QEvent) -> bool:
        """Notice the first paint."""
        handled = super().event(event)
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)
        return handled

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask, remember where everything was, and let go of the file."""
        if not self.files.may_leave(closing=True):
            event.ignore()
            return
        self.views.store()
        self.shut()
        super().closeEvent(event)

    def shut(self) -> None:
        """Let go of threads and files, without a question; the window is used no more."""
        self.session.stop()
        self.session.wait(STOP_SECONDS)
        end_readings()
        self.safety.close()
        self.files.close()
        self.checker.stop()
        self.document.undo_stack.blockSignals(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take designs and data."""
        if dropped_file(event.mimeData()) is not None:
            accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a dropped design, or learn from dropped data.

        It happens after the drop, since questions would keep the program it came from waiting.
        """
        path = dropped_file(event.mimeData())
        if path is not None:
            accept_copy(event)
            QTimer.singleShot(0, self, partial(take_file, path, self.files, self.own_data))

    def _build_parts(self) -> None:
        self.editor = CanvasEditor(self.document)
        self.palette_panel = Palette(self.document)
        self.inspector = Inspector(self.document, self.session)
        self.run_bar = RunBar(self.document, self.session)
        self.problems = ProblemsPanel(self.document)
        self.log = LogPanel()
        self.runs = RunsPanel(self.document, self.session)
        self.palette_panel.setMinimumWidth(SIDE_MINIMA[0])
        self.inspector.setMinimumWidth(SIDE_MINIMA[1])
        self.bottom = BottomArea()
        for name in ("problems", "runs", "log"):
            self.bottom.put(name, getattr(self, name))
        self.title_label = QLabel()
        self.title_label.setProperty("role", "muted")
        self.title_label.setContentsMargins(0, 0, 14, 0)
        self.title_label.setMinimumWidth(TITLE_WIDTH)
        self.title_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _place_parts(self) -> None:
        self.setWindowIcon(icon("dlstudio"))
        self.menuBar().setCornerWidget(self.title_label, Qt.Corner.TopRightCorner)
        toolbar = self.addToolBar("Run")
        toolbar.setObjectName("Run")
        toolbar.setMovable(False)
        toolbar.toggleViewAction().setEnabled(False)
        toolbar.addWidget(self.run_bar)
        self.run_tools = toolbar
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.editor)
        self.setCentralWidget(centre)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.palette_dock = self._dock("Layers", self.palette_panel, left)
        self.inspector_dock = self._dock("Inspector", self.inspector, right)
        below = Qt.DockWidgetArea.BottomDockWidgetArea
        self.bottom_dock = self._dock("Curves and more", self.bottom, below)
        self.status_line = StatusLine(self.document, self)
        self.setStatusBar(self.status_line)
        self.editor.setFocus()
        self.resize(*FIRST_SIZE)
        self.apply_first_sizes()

    def _dock(self, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setWidget(panel)
        set_loose(dock, False)
        self.addDockWidget(area, dock)
        return dock
