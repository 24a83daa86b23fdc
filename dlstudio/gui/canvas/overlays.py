"""What floats over the view: mini-map, bubble, search box, find bar, hint and small editors."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Qt

from dlstudio.gui.canvas.bubble import Bubble
from dlstudio.gui.canvas.find_bar import FindBar
from dlstudio.gui.canvas.hint import EmptyHint
from dlstudio.gui.canvas.ink import LETTERING_SIZES
from dlstudio.gui.canvas.minimap import MiniMap
from dlstudio.gui.canvas.refusal import RefusalTag
from dlstudio.gui.canvas.search_box import SearchBox
from dlstudio.gui.canvas.stage import SearchRequest
from dlstudio.gui.canvas.summary import card_summary
from dlstudio.gui.canvas.view import CanvasView
from dlstudio.gui.canvas.writing import NoteEditor, TitleEditor

_MARGIN = 14
_ROOM_FOR_MAP = (420, 260)


class Overlays(QObject):
    """Makes the overlays, keeps them in their corners and gives the keyboard back to the view."""

    def __init__(self, view: CanvasView) -> None:
        """Lay them over `view`."""
        super().__init__(view)
        context = view.stage
        self._view = view
        self.minimap = MiniMap(context, view)
        self.search = SearchBox(context, view)
        self.bubble = Bubble(context, view, rival=self.search)
        self.finder = FindBar(context, view)
        self.refusal = RefusalTag(view)
        self.hint = EmptyHint(context, view)
        self.note_editor = NoteEditor(context, view)
        self.title_editor = TitleEditor(context, view)
        view.resized.connect(self.place)
        view.hovered.connect(self.bubble.hover)
        view.hovered.connect(self._tell)
        view.dragging.connect(self.bubble.hold_back)
        context.scene.changed.connect(self._show_map)
        context.camera_changed.connect(self._show_map)
        self._measured: tuple[int, QRectF] = (-1, QRectF())
        context.note_editor_wanted.connect(self.note_editor.open)
        context.title_editor_wanted.connect(self.title_editor.open)
        for overlay in (self.bubble, self.search, self.finder, self.note_editor, self.title_editor):
            overlay.closed.connect(self._give_focus_back)
        self.search.closed.connect(self.bubble.refresh)

    def open_search(self, request: SearchRequest) -> None:
        """Open the search box where a layer is wanted."""
        self.bubble.dismiss()
        at = self._view.stage.camera.to_view(request.at)
        self.search.open(request, at.toPoint())

    def place(self) -> None:
        """Put each where it belongs in the present room."""
        room = self._view.size()
        self.minimap.move(
            room.width() - self.minimap.width() - _MARGIN,
            room.height() - self.minimap.height() - _MARGIN,
        )
        self._show_map()
        self.finder.move(room.width() - self.finder.width() - _MARGIN, _MARGIN)
        self.hint.refresh()
        self.bubble.fit()

    def _tell(self, card: str) -> None:
        """Say in a tool tip what a card that is too small to be read holds, or what its mark is."""
        scene, scale = self._view.stage.scene, self._view.stage.camera.scale
        text = ""
        if card in scene.cards and scale < LETTERING_SIZES[0][0]:
            text = card_summary(scene, card)
        elif card in scene.cards and scene.face(card).frozen:
            text = "Frozen: training leaves its weights as they are."
        self._view.setToolTip(text)

    def _show_map(self) -> None:
        """Show the map only while something lies outside the view."""
        context, room = self._view.stage, self._view.size()
        if self._measured[0] != context.scene.revision:
            self._measured = context.scene.revision, context.scene.bounds()
        fits = room.width() > _ROOM_FOR_MAP[0] and room.height() > _ROOM_FOR_MAP[1]
        hidden = not context.camera.visible(context.size).contains(self._measured[1])
        self.minimap.setVisible(fits and hidden and bool(context.scene.cards))

    def _give_focus_back(self) -> None:
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
