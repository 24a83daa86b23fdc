"""The inspector: one page for the selected card, several cards, a block or the network."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from dlstudio.design.changes.diff import Change
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.model import TOP
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.reference_names import ReferenceNames
from dlstudio.gui.inspector.block_page import BlockPage
from dlstudio.gui.inspector.multi_selection_page import MultiSelectionPage
from dlstudio.gui.inspector.network_page import NetworkPage
from dlstudio.gui.inspector.node_page import NodePage
from dlstudio.gui.inspector.node_properties import declarations_of, references_in_scope
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.insight.activations.activation_views import ActivationView

AnyPage = NodePage | MultiSelectionPage | NetworkPage | BlockPage


class Inspector(QScrollArea):
    """Shows and edits the selection."""

    def __init__(self, document: Document, session: TrainingSession | None = None) -> None:
        """Follow `document`; with `session`, settings can be applied to its run."""
        super().__init__()
        self._document = document
        self._session = session
        self._shown_ids: tuple[str, ...] | None = None
        self._scope = TOP
        self._view: ActivationView | None = None
        self.page: AnyPage
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Inspector")
        self._build()
        document.selection_changed.connect(self._on_selection_changed)
        document.scope_changed.connect(self._on_selection_changed)
        document.project_changed.connect(self._on_project_changed)
        document.report_changed.connect(lambda _report: self.page.show_report())
        document.reset.connect(self._build)

    def show_network(self) -> NetworkPage:
        """Clear the selection and show the page of the network, its data and its training."""
        self._document.set_scope(TOP)
        self._document.set_selection(())
        if not isinstance(self.page, NetworkPage):
            self._build()
        assert isinstance(self.page, NetworkPage)
        return self.page

    def show_view(self, view: ActivationView | None) -> None:
        """Show the measured output of the selected layer; None if there is no run."""
        self._view = view
        if isinstance(self.page, NodePage):
            self.page.show_view(view)

    def _selected_ids(self) -> tuple[str, ...]:
        return tuple(
            sorted(
                node_id
                for node_id in self._document.selection
                if not node_id.startswith(NOTE_PREFIX)
            )
        )

    def _on_selection_changed(self, _what: object) -> None:
        if (self._document.scope, self._selected_ids()) != (self._scope, self._shown_ids):
            self._build()

    def _on_project_changed(self, change: Change) -> None:
        if self._is_stale(change):
            self._build()
        else:
            self.page.show_project()

    def _is_stale(self, change: Change) -> bool:
        """Whether the page must be rebuilt: its reference names or declarations have changed."""
        if isinstance(self.page, (NetworkPage, BlockPage)) or change.is_layout_only:
            return False
        if _comparable(references_in_scope(self._document)) != _comparable(self.page.names):
            return True
        nodes = self._document.project.graph_at(self._document.scope).nodes
        if (
            not isinstance(self.page, NodePage)
            or not self._shown_ids
            or self._shown_ids[0] not in nodes
        ):
            return False
        return dict(declarations_of(self._document, nodes[self._shown_ids[0]])) != dict(
            self.page.declarations
        )

    def _build(self) -> None:
        ids, old_page = self._selected_ids(), getattr(self, "page", None)
        definition_open = (
            ids == self._shown_ids
            and isinstance(old_page, NodePage)
            and old_page.is_definition_open
        )
        self._shown_ids, self._scope = ids, self._document.scope
        if not ids and self._document.scope != TOP:
            self.page = BlockPage(self._document)
        elif not ids:
            self.page = NetworkPage(self._document, self._session)
        elif len(ids) == 1:
            self.page = NodePage(self._document, ids[0], definition_open=definition_open)
            self.page.show_view(self._view)
        else:
            self.page = MultiSelectionPage(self._document, ids)
        self._discard_page(self.takeWidget())
        self.setWidget(self.page)

    def _discard_page(self, page: QWidget | None) -> None:
        """Delete a page later: the click of one of its own buttons may have replaced it."""
        if page is not None:
            page.setParent(self)
            page.hide()
            page.deleteLater()


def _comparable(names: ReferenceNames) -> tuple[dict[str, int], tuple[str, ...]]:
    return dict(names), names.parameters
