"""The canvas as the window sees it: bars, view and overlays, and a method for each action."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.gui.canvas.catalogue import Entry
from dlstudio.gui.canvas.commands import adding, arranging, editing, grouping, walking
from dlstudio.gui.canvas.crumbs import CrumbBar
from dlstudio.gui.canvas.menus import menu_at
from dlstudio.gui.canvas.opening import Opening
from dlstudio.gui.canvas.overlays import Overlays
from dlstudio.gui.canvas.stage import SearchRequest, Stage
from dlstudio.gui.canvas.summary import card_summary, network_summary
from dlstudio.gui.canvas.view import CanvasView
from dlstudio.gui.document import NOTE_PREFIX, Document

ZOOM_STEP = 1.25


class CanvasEditor(QWidget):
    """Everything about one document's canvas; the action table calls its methods."""

    kind_help = Signal(str)
    inspector_wanted = Signal()
    keep_wanted = Signal()
    """The selected block is to be kept for other designs."""
    examples_wanted = Signal()
    problem_details = Signal(str)
    live_view_chosen = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        """Show a document."""
        super().__init__(parent)
        self.stage = Stage(document, self)
        self.crumbs = CrumbBar(self.stage, self)
        self.view = CanvasView(self.stage, self)
        self.overlays = Overlays(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.crumbs)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.opening = Opening(self.view)
        self._seen = False
        self._pictures: Mapping[str, object] = {}
        self._connect()
        self._describe()

    def delete_selection(self) -> None:
        """Delete what is selected, or the chosen wire."""
        editing.delete_selection(self.stage)

    def delete_and_rewire(self) -> None:
        """Delete the selected cards and close the gaps."""
        editing.delete_selection(self.stage, rewire=True)

    def duplicate(self) -> None:
        """Add a copy of the selection."""
        editing.duplicate_selection(self.stage)

    def copy(self) -> None:
        """Copy the selection as text."""
        editing.copy_selection(self.stage)

    def cut(self) -> None:
        """Copy the selection, then delete it."""
        editing.cut_selection(self.stage)

    def paste(self) -> None:
        """Paste what was copied, here or in another window."""
        editing.paste_clipboard(self.stage)

    def select_all(self) -> None:
        """Select all cards and notes of the scope."""
        scene = self.stage.scene
        item_ids = {*scene.cards, *(NOTE_PREFIX + note_id for note_id in scene.notes)}
        self.stage.document.set_selection(item_ids)

    def select_none(self) -> None:
        """Select nothing."""
        self.stage.choose_wire("")
        self.stage.document.set_selection(())

    def connect_selection(self) -> None:
        """Wire the selected cards from left to right."""
        editing.connect_selection(self.stage)

    def align(self, how: str) -> None:
        """Line up the selection: left, centre, right, top, middle or bottom."""
        arranging.align(self.stage, how)

    def distribute(self, how: str) -> None:
        """Make the selection's gaps equal: horizontally or vertically."""
        arranging.distribute(self.stage, how)

    def arrange(self) -> None:
        """Arrange the whole network, and show it."""
        arranging.arrange_all(self.stage)
        self.zoom_fit()

    def arrange_keep(self) -> None:
        """Arrange the network around what the user has placed."""
        arranging.arrange_all(self.stage, keep_placed=True)

    def zoom_in(self) -> None:
        """Show less, larger."""
        self.view.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show more, smaller."""
        self.view.zoom(1 / ZOOM_STEP)

    def zoom_reset(self) -> None:
        """Show at 100 %."""
        self.view.zoom(1.0 / self.stage.camera.scale)

    def zoom_fit(self) -> None:
        """Show the whole network."""
        self.stage.show(frozenset())

    def show_start(self) -> None:
        """Show the network, or its beginning where all of it would be too small."""
        if self._seen:
            self.opening.show()
            self.overlays.place()

    def zoom_selection(self) -> None:
        """Show what is selected, or else the whole network."""
        self.stage.show(self.stage.document.selection, largest=1.5)

    def open_search(self, where: SearchRequest | QPointF | None = None) -> None:
        """Open the search box at a point of the scene, or at the pointer."""
        if isinstance(where, QPointF):
            where = SearchRequest(where)
        elif not isinstance(where, SearchRequest):
            where = self.stage.search_here()
        self.overlays.open_search(where)

    def open_finder(self) -> None:
        """Open the bar that finds cards."""
        self.overlays.finder.open()

    def add_note(self) -> None:
        """Add a note and write it."""
        adding.add_note_at(self.stage, self.stage.pointer)

    def add_kind(self, kind: str) -> str:
        """Append a layer after the selection, wired; return its id."""
        return adding.add_after_selection(self.stage, kind)

    def group(self) -> None:
        """Make a block of the selected cards."""
        grouping.group_selection(self.stage)

    def ungroup(self) -> None:
        """Take the selected block apart."""
        grouping.ungroup_selection(self.stage)

    def enter_block(self) -> None:
        """Show the inside of the selected block."""
        grouping.enter_block(self.stage)

    def leave_block(self) -> None:
        """Show what is around the block."""
        grouping.leave_block(self.stage)

    def rename_selection(self) -> None:
        """Write the title of the selected card, or the text of the selected note."""
        for item_id in sorted(self.stage.document.selection)[:1]:
            if item_id.startswith(NOTE_PREFIX):
                self.overlays.note_editor.open(item_id.removeprefix(NOTE_PREFIX))
            else:
                self.stage.reveal(item_id)
                self.overlays.title_editor.open(item_id)

    def toggle_wire_shapes(self) -> None:
        """Write the shape on every wire, or only where it is asked for."""
        highlight = self.stage.emphasis
        highlight.show_shapes = not highlight.show_shapes
        self.stage.repaint.emit()

    def walk(self, how: str) -> None:
        """Select another card: next, previous, or the one to the left, right, up or down."""
        walking.walk(self.stage, how)

    def choose_remedy(self) -> None:
        """Give the keyboard to the remedies of the selected card's problem, or of the first."""
        problems = self.stage.document.report.problems
        if not self.overlays.bubble.take_focus() and problems:
            self.show_node(problems[0].path)
            self.overlays.bubble.take_focus()

    def set_thumbnails(self, pictures: Mapping[str, object]) -> None:
        """Show on the cards what layers give out: see `Thumbnails.take`."""
        self._pictures = pictures
        visible_thumbnails = pictures if self.crumbs.live_view != "off" else {}
        self.stage.scene.set_thumbnails(visible_thumbnails)

    def set_live_view(self, mode: str) -> None:
        """Mark what is watched live: `activations` or `off`."""
        self.crumbs.set_live_view(mode)
        self.set_thumbnails(self._pictures)

    def show_node(self, path: str) -> None:
        """Select the card of a dotted path and bring it into view."""
        report = self.stage.scene.findings
        prefixes = (prefix for prefix in (report.prefix, *report.twins) if path.startswith(prefix))
        prefix = next(prefixes, "")
        node_id = path.removeprefix(prefix).partition(".")[0]
        if node_id not in self.stage.scene.cards:
            self.stage.document.set_scope("")
            node_id = path.partition(".")[0]
        self.stage.document.set_selection({node_id})
        self.stage.reveal(node_id)

    def text_summary(self) -> str:
        """Return the network in words, for screen readers."""
        return network_summary(self.stage.scene)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the network the first time."""
        super().showEvent(event)
        if not self._seen:
            self._seen = True
            self.show_start()
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        context, document, overlays = self.stage, self.stage.document, self.overlays
        context.search_wanted.connect(self.open_search)
        context.inspector_wanted.connect(self.inspector_wanted)
        self.view.block_activated.connect(self._activate_card)
        self.view.menu_wanted.connect(self._open_menu)
        self.crumbs.zoom_reset.connect(self.zoom_reset)
        self.crumbs.live_view_chosen.connect(self.set_live_view)
        self.crumbs.live_view_chosen.connect(self.live_view_chosen)
        overlays.bubble.details_wanted.connect(self.problem_details)
        overlays.hint.examples_wanted.connect(self.examples_wanted)
        overlays.search.chosen.connect(self._add_found)
        document.reset.connect(self.show_start)
        document.scope_changed.connect(lambda _scope: self.show_start())
        document.selection_changed.connect(self._describe)
        document.report_changed.connect(self._describe)

    def _add_found(self, what: Entry, request: SearchRequest) -> None:
        adding.add_at(self.stage, what, request)

    def _activate_card(self, node_id: str) -> None:
        if not grouping.enter_block(self.stage, node_id):
            self.inspector_wanted.emit()

    def _open_menu(self, on_screen: QPoint, at: QPointF) -> None:
        menu = menu_at(self, at)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(on_screen)

    def _describe(self, _what: object = None) -> None:
        """Tell assistive technology what is selected."""
        scene = self.stage.scene
        selected = [
            node_id for node_id in sorted(self.stage.document.selection) if node_id in scene.cards
        ]
        if len(selected) == 1:
            self.view.setAccessibleDescription(card_summary(scene, selected[0]))
        elif selected:
            self.view.setAccessibleDescription(f"{len(selected)} cards selected")
        else:
            self.view.setAccessibleDescription(network_summary(scene).splitlines()[0])
