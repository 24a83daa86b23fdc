"""The search box while the design changes."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from dlstudio.design.edits import remove_nodes
from dlstudio.gui.canvas.scene.canvas_context import SearchRequest
from dlstudio.gui.canvas.scene.hit_test import PortHit
from tests.gui.canvas.canvas_pointer import chain


def test_the_card_a_search_started_from_can_be_removed(canvas):
    pointer = canvas(chain("input", "relu"))
    port = PortHit("relu_1", "output", output=True, centre=QPointF(300.0, 60.0))
    pointer.editor.open_search(SearchRequest(QPointF(300.0, 60.0), port=port))
    search = pointer.editor.overlays.search
    pointer.document.apply(remove_nodes(pointer.project, ("relu_1",)), "Remove")
    search.results.setCurrentRow(1)
    QTest.keyClick(search.field, Qt.Key.Key_Escape)
    assert search.isHidden()
