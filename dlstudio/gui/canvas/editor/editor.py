"""The canvas as a widget: breadcrumb bar, view and overlays, and a method per action."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.gui.canvas.commands import adding, arranging, editing, grouping, navigation
from dlstudio.gui.canvas.editor.breadcrumb_bar import BreadcrumbBar
from dlstudio.gui.canvas.editor.context_menus import context_menu_at
from dlstudio.gui.canvas.editor.initial_view import InitialView
from dlstudio.gui.canvas.editor.overlays import Overlays
from dlstudio.gui.canvas.editor.view import CanvasView
from dlstudio.gui.canvas.model.insertable_items import InsertableItem
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext, SearchRequest
from dlstudio.gui.canvas.scene.text_summary import describe_card, describe_network
from dlstudio.gui.document.document import Document
from dlstudio.insight.views.values import CardOverlay

ZOOM_STEP = 1.25


class CanvasEditor(QWidget):
    """The canvas of one document; the action table calls its methods."""

    kind_help_requested = Signal(str)
    inspector_requested = Signal()
    examples_requested = Signal()
    problem_details_requested = Signal(str)
    live_view_chosen = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
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
        self.actions_by_id: Mapping[str, QAction] = {}
        """The window's actions, which context menus show."""
        self._was_shown = False
        self._thumbnails: Mapping[str, object] = {}
        self._connect()
        self._update_accessible_description()

    def delete_selection(self) -> None:
        """Delete the selected wire, or the selected cards and notes."""
        editing.delete_selection(self.context)

    def delete_and_rewire(self) -> None:
        """Delete the selected cards and connect their neighbours."""
        editing.delete_selection(self.context, rewire=True)

    def duplicate(self) -> None:
        editing.duplicate_selection(self.context)

    def copy(self) -> None:
        editing.copy_selection(self.context)

    def cut(self) -> None:
        editing.cut_selection(self.context)

    def paste(self) -> None:
        """Paste cards copied here or in another window."""
        editing.paste_clipboard(self.context)

    def select_all(self) -> None:
        """Select all cards and notes of the current scope."""
        scene = self.context.scene
        item_ids = {*scene.cards, *(NOTE_PREFIX + note_id for note_id in scene.notes)}
        self.context.document.set_selection(item_ids)

    def select_none(self) -> None:
        self.context.select_wire("")
        self.context.document.set_selection(())

    def connect_selection(self) -> None:
        """Connect the selected cards from left to right."""
        editing.connect_selection(self.context)

    def align(self, alignment: str) -> None:
        """Align the selection by one of `arranging.ALIGNMENTS`."""
        arranging.align(self.context, alignment)

    def distribute(self, direction: str) -> None:
        """Make the selection's gaps equal; `direction` is `horizontally` or `vertically`."""
        arranging.distribute(self.context, direction)

    def arrange(self) -> None:
        """Arrange the whole network and fit it into the view."""
        arranging.arrange_all(self.context)
        self.zoom_fit()

    def arrange_keep(self) -> None:
        """Arrange the network around the selected (default: the non-overlapping) cards."""
        arranging.arrange_all(self.context, keep_placed=True)

    def zoom_in(self) -> None:
        self.view.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        self.view.zoom(1 / ZOOM_STEP)

    def zoom_reset(self) -> None:
        self.view.zoom(1.0 / self.context.camera.scale)

    def zoom_fit(self) -> None:
        """Show the whole network."""
        self.context.show(frozenset())

    def show_start(self) -> None:
        """Show the network, or its start if the whole would be illegible."""
        if self._was_shown:
            self.initial_view.show()
            self.overlays.reposition()

    def zoom_selection(self) -> None:
        """Fit the selection, or else the whole network, into the view."""
        self.context.show(self.context.document.selection, max_scale=1.5)

    def open_search(self, request: SearchRequest | QPointF | None = None) -> None:
        """Open the search box at a scene point, or for `CanvasContext.search_request`."""
        if isinstance(request, QPointF):
            request = SearchRequest(request)
        elif not isinstance(request, SearchRequest):
            request = self.context.search_request()
        self.overlays.open_search(request)

    def open_find_bar(self) -> None:
        self.overlays.find_bar.open()

    def add_note(self) -> None:
        """Add a note at the pointer and open its editor."""
        adding.add_note_at(self.context, self.context.pointer)

    def add_kind(self, kind: str) -> str:
        """Append a layer after the selection and wire it; return its id."""
        return adding.add_after_selection(self.context, kind)

    def group(self) -> None:
        grouping.group_selection(self.context)

    def ungroup(self) -> None:
        grouping.ungroup_selection(self.context)

    def enter_block(self) -> None:
        grouping.enter_block(self.context)

    def leave_block(self) -> None:
        grouping.leave_block(self.context)

    def rename_selection(self) -> None:
        """Edit the title of the selected card, or the text of the selected note, in place."""
        for item_id in sorted(self.context.document.selection)[:1]:
            if item_id.startswith(NOTE_PREFIX):
                self.overlays.note_editor.open(item_id.removeprefix(NOTE_PREFIX))
            else:
                self.context.reveal(item_id)
                self.overlays.title_editor.open(item_id)

    def toggle_wire_shapes(self) -> None:
        """Switch between shapes on all wires and on hovered and selected ones only."""
        highlight = self.context.highlight
        highlight.show_shapes = not highlight.show_shapes
        self.context.repaint_requested.emit()

    def select_neighbour(self, direction: str) -> None:
        """Select another card: see `navigation.select_neighbour`."""
        navigation.select_neighbour(self.context, direction)

    def focus_fixes(self) -> None:
        """Focus the fix buttons of the selected card's problem, or of the first problem."""
        problems = self.context.document.report.problems
        if not self.overlays.problem_popup.focus_fixes() and problems:
            self.show_node(problems[0].path)
            self.overlays.problem_popup.focus_fixes()

    def set_thumbnails(self, thumbnails: Mapping[str, object]) -> None:
        """Show layer outputs on the cards: see `Thumbnails.set_all`."""
        self._thumbnails = thumbnails
        visible_thumbnails = thumbnails if self.breadcrumb_bar.live_view != "off" else {}
        self.context.scene.set_thumbnails(visible_thumbnails)

    def set_outdated(self, is_outdated: bool) -> None:
        """Dim the layer outputs while they are those of a network that the design had before."""
        self.context.scene.thumbnails.is_outdated = is_outdated
        self.set_thumbnails(self._thumbnails)

    def show_card_values(self, view: str, overlay: CardOverlay | None) -> None:
        """Show the numbers of a view on the cards, or remove them: see `CardValues.show`."""
        self.context.scene.show_card_values(view, overlay)

    def set_live_view(self, mode: str) -> None:
        """Choose what the cards show: `activations` or `off`."""
        self.breadcrumb_bar.set_live_view(mode)
        self.set_thumbnails(self._thumbnails)

    def show_node(self, path: str) -> None:
        """Select the card of a dotted path and scroll to it."""
        report = self.context.scene.content.report
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
        """Return a text description of the network for screen readers."""
        return describe_network(self.context.scene)

    def showEvent(self, event: QShowEvent) -> None:
        """Choose the initial view when shown for the first time."""
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
        """Describe the selection to assistive technology."""
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
