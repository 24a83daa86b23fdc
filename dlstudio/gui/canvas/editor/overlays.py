"""Creates and places the overlays: mini-map, popups, search box, find bar, inline editors."""

from __future__ import annotations

import textwrap

from PySide6.QtCore import QObject, QRectF, Qt

from dlstudio.gui.canvas.editor.view import CanvasView
from dlstudio.gui.canvas.overlays.empty_hint import EmptyHint
from dlstudio.gui.canvas.overlays.find_bar import FindBar
from dlstudio.gui.canvas.overlays.inline_editors import NoteEditor, TitleEditor
from dlstudio.gui.canvas.overlays.link_error_tip import LinkErrorTip
from dlstudio.gui.canvas.overlays.minimap import MiniMap
from dlstudio.gui.canvas.overlays.problem_popup import ProblemPopup
from dlstudio.gui.canvas.overlays.search_box import SearchBox
from dlstudio.gui.canvas.paint.canvas_style import TEXT_LEVEL_SIZES
from dlstudio.gui.canvas.scene.canvas_context import SearchRequest
from dlstudio.gui.canvas.scene.text_summary import describe_card

_MARGIN = 14
_TOOL_TIP_COLUMNS = 80
_MINIMAP_MIN_VIEW = (420, 260)


class Overlays(QObject):
    """Owns the overlays, positions them, and returns the focus to the view when they close."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        context = view.context
        self._view = view
        self.minimap = MiniMap(context, view)
        self.search = SearchBox(context, view)
        self.problem_popup = ProblemPopup(context, view, competing_popup=self.search)
        self.find_bar = FindBar(context, view)
        self.link_error_tip = LinkErrorTip(view, view.context, lambda: view.gesture is not None)
        self.empty_hint = EmptyHint(context, view)
        self.note_editor = NoteEditor(context, view)
        self.title_editor = TitleEditor(context, view)
        view.resized.connect(self.reposition)
        view.hovered.connect(self.problem_popup.on_card_hovered)
        view.hovered.connect(self._update_tool_tip)
        view.drag_changed.connect(self.problem_popup.suppress)
        context.scene.changed.connect(self._update_minimap)
        context.camera_changed.connect(self._update_minimap)
        self._measured_bounds: tuple[int, QRectF] = (-1, QRectF())
        context.note_editor_requested.connect(self.note_editor.open)
        context.title_editor_requested.connect(self.title_editor.open)
        for overlay in (
            self.problem_popup,
            self.search,
            self.find_bar,
            self.note_editor,
            self.title_editor,
        ):
            overlay.closed.connect(self._return_focus)
        self.search.closed.connect(self.problem_popup.refresh)

    def open_search(self, request: SearchRequest) -> None:
        """Open the search box at the position of the request."""
        self.problem_popup.dismiss()
        at = self._view.context.camera.to_view(request.at)
        self.search.open(request, at.toPoint())

    def reposition(self) -> None:
        """Position the overlays for the current size of the view."""
        view_size = self._view.size()
        self.minimap.move(
            view_size.width() - self.minimap.width() - _MARGIN,
            view_size.height() - self.minimap.height() - _MARGIN,
        )
        self._update_minimap()
        self.find_bar.move(view_size.width() - self.find_bar.width() - _MARGIN, _MARGIN)
        self.empty_hint.refresh()
        self.problem_popup.resize_to_view()

    def _update_tool_tip(self, card: str) -> None:
        """Describe an illegibly small card, or the marks of a legible one, in the tool tip."""
        scene, scale = self._view.context.scene, self._view.context.camera.scale
        lines: list[str] = []
        if card in scene.cards and scale < TEXT_LEVEL_SIZES[0][0]:
            lines = [describe_card(scene, card)]
        elif card in scene.cards:
            value = scene.card_values.value(scene.content.path(card))
            lines += [value.description] if value is not None else []
            if scene.content.card(card).frozen:
                lines.append("Frozen: training does not change its weights.")
        self._view.setToolTip("\n".join(textwrap.fill(line, _TOOL_TIP_COLUMNS) for line in lines))

    def _update_minimap(self) -> None:
        """Show the mini-map only while something is outside the view."""
        context, view_size = self._view.context, self._view.size()
        if self._measured_bounds[0] != context.scene.revision:
            self._measured_bounds = context.scene.revision, context.scene.bounds()
        fits = (
            view_size.width() > _MINIMAP_MIN_VIEW[0] and view_size.height() > _MINIMAP_MIN_VIEW[1]
        )
        hidden = not context.camera.visible(context.size).contains(self._measured_bounds[1])
        self.minimap.setVisible(fits and hidden and bool(context.scene.cards))

    def _return_focus(self) -> None:
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
