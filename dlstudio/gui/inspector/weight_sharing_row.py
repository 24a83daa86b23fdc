"""The inspector row that shares the weights of another layer of the same graph."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSignalBlocker

from dlstudio.design.edits import set_weights_from
from dlstudio.design.model.model import Graph, Node
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.setting_editors import FormComboBox
from dlstudio.gui.forms.settings_form import FormGrid
from dlstudio.gui.inspector.node_properties import kind_of
from dlstudio.layers.framework.kind import LayerKind

OWN_WEIGHTS = "its own"
_TIP = (
    "The weights this layer uses. Layers that share weights train the same parameters, which are "
    "counted once; the shapes of the weights must match."
)


class WeightSharingRow(FormGrid):
    """A combo box of the layers whose weights can be shared; hidden if there are none."""

    def __init__(self, document: Document, node_id: str) -> None:
        """Edit a card of the document's scope; call `show_project` once it has a parent."""
        super().__init__()
        self._document = document
        self._scope = document.scope
        self._id = node_id
        self.combo = FormComboBox()
        self.combo.setAccessibleName("Weights")
        self.combo.setToolTip(_TIP)
        self.combo.activated.connect(self._choose)
        self.add_row("Weights", self.combo, _TIP)

    def show_project(self) -> None:
        """Show the current choice and the layers that can share their weights."""
        graph = self._document.project.graph_at(self._scope)
        node = graph.nodes.get(self._id)
        if node is None:
            return
        options = {
            "": OWN_WEIGHTS,
            **{source.id: _source_text(source) for source in _weight_sources(graph, node)},
        }
        if node.weights_from:
            options.setdefault(node.weights_from, f"of {node.weights_from}")
        with QSignalBlocker(self.combo):
            if [self.combo.itemData(index) for index in range(self.combo.count())] != [*options]:
                self.combo.clear()
                for path, text in options.items():
                    self.combo.addItem(text, path)
            for index, text in enumerate(options.values()):
                self.combo.setItemText(index, text)
            self.combo.setCurrentIndex(self.combo.findData(node.weights_from or ""))
        self.setVisible(len(options) > 1)

    def _choose(self, index: int) -> None:
        path = str(self.combo.itemData(index))
        text = f"Share the weights of {path}" if path else f"Give {self._id} its own weights"
        self._document.try_edit(
            lambda project: set_weights_from(project, self._id, path or None, self._scope), text
        )


def _weight_sources(graph: Graph, node: Node) -> Iterator[Node]:
    """Yield the layers whose weights a layer may use, except those that use its weights."""
    for other in graph.nodes.values():
        matches = _weights_match(kind_of(node), kind_of(other))
        if matches and other is not node and node.id not in _weight_chain(graph, other):
            yield other


def _weights_match(kind: type[LayerKind] | None, other: type[LayerKind] | None) -> bool:
    """Whether two kinds have weights of the same layout."""
    if kind is None or other is None or not kind.has_weights:
        return False
    return other is kind or (other.weight_layout == kind.weight_layout != "")


def _weight_chain(graph: Graph, node: Node) -> list[str]:
    """Return a layer's id and the ids from it to the owner of its weights."""
    chain = [node.id]
    while (path := node.weights_from) and path in graph.nodes and path not in chain:
        node = graph.nodes[path]
        chain.append(path)
    return chain


def _source_text(node: Node) -> str:
    return f"of {node.id} · {node.title}" if node.title else f"of {node.id}"
