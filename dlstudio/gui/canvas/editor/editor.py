"""The canvas as the window sees it: bars, view and overlays, and a method for each action."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.gui.canvas.commands import adding, arranging, editing, grouping, navigation
from dlstudio.gui.canvas.editor.breadcrumb_bar import BreadcrumbBar
from dlstudio.gui.canvas.editor.context_menus import context_menu_at
from dlstudio.gui.canvas.editor.initial_view import InitialView
from dlstudio.gui.canvas.editor.overlays import Overlays
from dlstudio.gui.canvas.editor.view import CanvasView
from dlstudio.gui.canvas.model.insertable_items import InsertableItem
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext, SearchRequest
from dlstudio.gui.canvas.scene.text_summary import describe_card, describe_network
from dlstudio.gui.document.document import NOTE_PREFIX, Document

ZOOM_STEP = 1.25


class CanvasEditor(QWidget):
    """Everything about one document's canvas; the action table calls its methods."""

    kind_help_requested = Signal(str)
    inspector_requested = Signal()
    save_block_requested = Signal()
    """The selected block is to be kept for other designs."""
    examples_requested = Signal()
    problem_details_requested = Signal(str)
    live_view_chosen = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        """Show a document."""
        super().__init__(parent)
        self.context = CanvasContext(document, self)
        self.breadcrumb_bar = BreadcrumbBar(self.context, self)
        self.view = CanvasView(self.context, self)
        self.overlays = Overlays(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.breadcrumb_bar)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.initial_view = InitialView(self.view)
        self._was_shown = False
        self._thumbnails: Mapping[str, object] = {}
        self._connect()
        self._update_accessible_description()

    def delete_selection(self) -> None:
        """Delete what is selected, or the chosen wire."""
        editing.delete_selection(self.context)

    def delete_and_rewire(self) -> None:
        """Delete the selected cards and close the gaps."""
        editing.delete_selection(self.context, rewire=True)

    def duplicate(self) -> None:
        """Add a copy of the selection."""
        editing.duplicate_selection(self.context)

    def copy(self) -> None:
        """Copy the selection as text."""
        editing.copy_selection(self.context)

    def cut(self) -> None:
        """Copy the selection, then delete it."""
        editing.cut_selection(self.context)

    def paste(self) -> None:
        """Paste what was copied, here or in another window."""
        editing.paste_clipboard(self.context)

    def select_all(self) -> None:
        """Select all cards and notes of the scope."""
        scene = self.context.scene
        item_ids = {*scene.cards, *(NOTE_PREFIX + note_id for note_id in scene.notes)}
        self.context.document.set_selection(item_ids)

    def select_none(self) -> None:
        """Select nothing."""
        self.context.select_wire("")
        self.context.document.set_selection(())

    def connect_selection(self) -> None:
        """Wire the selected cards from left to right."""
        editing.connect_selection(self.context)

    def align(self, alignment: str) -> None:
        """Line up the selection: left, centre, right, top, middle or bottom."""
        arranging.align(self.context, alignment)

    def distribute(self, direction: str) -> None:
        """Make the selection's gaps equal: horizontally or vertically."""
        arranging.distribute(self.context, direction)

    def arrange(self) -> None:
        """Arrange the whole network, and show it."""
        arranging.arrange_all(self.context)
        self.zoom_fit()

    def arrange_keep(self) -> None:
        """Arrange the network around what the user has placed."""
        arranging.arrange_all(self.context, keep_placed=True)

    def zoom_in(self) -> None:
        """Show less, larger."""
        self.view.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show more, smaller."""
        self.view.zoom(1 / ZOOM_STEP)

    def zoom_reset(self) -> None:
        """Show at 100 %."""
        self.view.zoom(1.0 / self.context.camera.scale)

    def zoom_fit(self) -> None:
        """Show the whole network."""
        self.context.show(frozenset())

    def show_start(self) -> None:
        """Show the network, or its beginning where all of it would be too small."""
        if self._was_shown:
            self.initial_view.show()
            self.overlays.reposition()

    def zoom_selection(self) -> None:
        """Show what is selected, or else the whole network."""
        self.context.show(self.context.document.selection, max_scale=1.5)

    def open_search(self, request: SearchRequest | QPointF | None = None) -> None:
        """Open the search box at a point of the scene, or at the pointer."""
        if isinstance(request, QPointF):
            request = SearchRequest(request)
        elif not isinstance(request, SearchRequest):
            request = self.context.search_request()
        self.overlays.open_search(request)

    def open_find_bar(self) -> None:
        """Open the bar that finds cards."""
        self.overlays.find_bar.open()

    def add_note(self) -> None:
        """Add a note and write it."""
        adding.add_note_at(self.context, self.context.pointer)

    def add_kind(self, kind: str) -> str:
        """Append a layer after the selection, wired; return its id."""
        return adding.add_after_selection(self.context, kind)

    def group(self) -> None:
        """Make a block of the selected cards."""
        grouping.group_selection(self.context)

    def ungroup(self) -> None:
        """Take the selected block apart."""
        grouping.ungroup_selection(self.context)

    def enter_block(self) -> None:
        """Show the inside of the selected block."""
        grouping.enter_block(self.context)

    def leave_block(self) -> None:
        """Show what is around the block."""
        grouping.leave_block(self.context)

    def rename_selection(self) -> None:
        """Write the title of the selected card, or the text of the selected note."""
        for item_id in sorted(self.context.document.selection)[:1]:
            if item_id.startswith(NOTE_PREFIX):
                self.overlays.note_editor.open(item_id.removeprefix(NOTE_PREFIX))
            else:
                self.context.reveal(item_id)
                self.overlays.title_editor.open(item_id)

    def toggle_wire_shapes(self) -> None:
        """Write the shape on every wire, or only where it is asked for."""
        highlight = self.context.highlight
        highlight.show_shapes = not highlight.show_shapes
        self.context.repaint_requested.emit()

    def select_neighbour(self, direction: str) -> None:
        """Select another card: next, previous, or the one to the left, right, up or down."""
        navigation.select_neighbour(self.context, direction)

    def focus_fixes(self) -> None:
        """Give the keyboard to the remedies of the selected card's problem, or of the first."""
        problems = self.context.document.report.problems
        if not self.overlays.problem_popup.focus_fixes() and problems:
            self.show_node(problems[0].path)
            self.overlays.problem_popup.focus_fixes()

    def set_thumbnails(self, thumbnails: Mapping[str, object]) -> None:
        """Show on the cards what layers give out: see `Thumbnails.take`."""
        self._thumbnails = thumbnails
        visible_thumbnails = thumbnails if self.breadcrumb_bar.live_view != "off" else {}
        self.context.scene.set_thumbnails(visible_thumbnails)

    def set_live_view(self, mode: str) -> None:
        """Mark what is watched live: `activations` or `off`."""
        self.breadcrumb_bar.set_live_view(mode)
        self.set_thumbnails(self._thumbnails)

    def show_node(self, path: str) -> None:
        """Select the card of a dotted path and bring it into view."""
        report = self.context.scene.scope_report
        prefixes = (
            prefix for prefix in (report.prefix, *report.other_prefixes) if path.startswith(prefix)
        )
        prefix = next(prefixes, "")
        node_id = path.removeprefix(prefix).partition(".")[0]
        if node_id not in self.context.scene.cards:
            self.context.document.set_scope("")
            node_id = path.partition(".")[0]
        self.context.document.set_selection({node_id})
        self.context.reveal(node_id)

    def text_summary(self) -> str:
        """Return the network in words, for screen readers."""
        return describe_network(self.context.scene)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the network the first time."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.show_start()
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        context, document, overlays = self.context, self.context.document, self.overlays
        context.search_requested.connect(self.open_search)
        context.inspector_requested.connect(self.inspector_requested)
        self.view.card_activated.connect(self._activate_card)
        self.view.menu_requested.connect(self._open_menu)
        self.breadcrumb_bar.zoom_reset_requested.connect(self.zoom_reset)
        self.breadcrumb_bar.live_view_chosen.connect(self.set_live_view)
        self.breadcrumb_bar.live_view_chosen.connect(self.live_view_chosen)
        overlays.problem_popup.details_requested.connect(self.problem_details_requested)
        overlays.empty_hint.examples_requested.connect(self.examples_requested)
        overlays.search.item_chosen.connect(self._add_search_result)
        document.reset.connect(self.show_start)
        document.scope_changed.connect(lambda _scope: self.show_start())
        document.selection_changed.connect(self._update_accessible_description)
        document.report_changed.connect(self._update_accessible_description)

    def _add_search_result(self, item: InsertableItem, request: SearchRequest) -> None:
        adding.add_at(self.context, item, request)

    def _activate_card(self, node_id: str) -> None:
        if not grouping.enter_block(self.context, node_id):
            self.inspector_requested.emit()

    def _open_menu(self, on_screen: QPoint, at: QPointF) -> None:
        menu = context_menu_at(self, at)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(on_screen)

    def _update_accessible_description(self, _what: object = None) -> None:
        """Tell assistive technology what is selected."""
        scene = self.context.scene
        selected = [
            node_id for node_id in sorted(self.context.document.selection) if node_id in scene.cards
        ]
        if len(selected) == 1:
            self.view.setAccessibleDescription(describe_card(scene, selected[0]))
        elif selected:
            self.view.setAccessibleDescription(f"{len(selected)} cards selected")
        else:
            self.view.setAccessibleDescription(describe_network(scene).splitlines()[0])
