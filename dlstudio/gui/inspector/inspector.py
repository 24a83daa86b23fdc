"""The inspector: one page for the selected card, several cards, a block or the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from dlstudio.design.changes.diff import Change
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.design.model.model import TOP
from dlstudio.design.model.report import Report
from dlstudio.gui.document.document import Document
from dlstudio.gui.runs.session import TrainingSession

if TYPE_CHECKING:
    from dlstudio.gui.inspector.network_page import NetworkPage
    from dlstudio.gui.inspector.pages import AnyPage
    from dlstudio.insight.activations.activation_views import ActivationView


class Inspector(QScrollArea):
    """Shows and edits the selection.

    The first page is built when it is needed, after the first paint of the window. The page of the
    network is kept while a selection is shown, because building it takes a few 100 ms.

    Signals:
        columns_requested: The user wants to see and change the columns of the design's table.
        rate_test_requested: The user wants to find a learning rate.
        example_requested: An example that the description links to; carries its name.
        card_requested: A card that the description links to; carries its path.
    """

    columns_requested = Signal()
    rate_test_requested = Signal()
    example_requested = Signal(str)
    card_requested = Signal(str)

    def __init__(self, document: Document, session: TrainingSession | None = None) -> None:
        """Follow `document`; with `session`, settings can be applied to its run."""
        super().__init__()
        self._document = document
        self._session = session
        self._shown_ids: tuple[str, ...] | None = None
        self._scope = TOP
        self._view: ActivationView | None = None
        self._page: AnyPage | None = None
        self._network_page: NetworkPage | None = None
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        content = QWidget()
        content.setLayout(self._column)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Inspector")
        document.selection_changed.connect(self._on_selection_changed)
        document.scope_changed.connect(self._on_selection_changed)
        document.project_changed.connect(self._on_project_changed)
        document.report_changed.connect(self._on_report_changed)
        document.reset.connect(self._on_reset)

    @property
    def page(self) -> AnyPage:
        """The page of the selection."""
        return self._build() if self._page is None else self._page

    def show_page(self) -> None:
        """Build the first page, unless something has needed it before."""
        if self._page is None:
            self._build()

    def show_network(self) -> NetworkPage:
        """Clear the selection and show the page of the network, its data and its training."""
        from dlstudio.gui.inspector.network_page import NetworkPage

        self._document.set_scope(TOP)
        self._document.set_selection(())
        page = self.page if isinstance(self.page, NetworkPage) else self._build()
        assert isinstance(page, NetworkPage)
        return page

    def show_view(self, view: ActivationView | None) -> None:
        """Show the measured output of the selected layer; None if there is no run."""
        self._view = view
        if self._page is not None:
            self._page.show_view(view)

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
            self._rebuild()

    def _on_project_changed(self, change: Change) -> None:
        if self._page is None:
            return
        if self._page.is_outdated(change):
            self._build()
        else:
            self._page.show_project()

    def _on_report_changed(self, _report: Report) -> None:
        if self._page is not None:
            self._page.show_report()

    def _on_reset(self) -> None:
        kept, self._network_page = self._network_page, None
        if kept is not None and kept is not self._page:
            kept.deleteLater()
        self._rebuild()

    def _rebuild(self) -> None:
        if self._page is not None:
            self._build()

    def _kept_page(self, ids: tuple[str, ...]) -> NetworkPage | None:
        """Return the network's page, up to date, if it was built before and is to be shown."""
        page = self._network_page
        if page is None or ids or self._scope != TOP:
            return None
        page.show_project()
        page.show_report()
        return page

    def _build(self) -> AnyPage:
        from dlstudio.gui.inspector.network_page import NetworkPage
        from dlstudio.gui.inspector.pages import create_page

        ids = self._selected_ids()
        definition_open = (
            self._page is not None and ids == self._shown_ids and self._page.is_definition_open
        )
        self._shown_ids, self._scope = ids, self._document.scope
        page: AnyPage | None = self._kept_page(ids)
        if page is None:
            page = create_page(self._document, self._session, ids, definition_open=definition_open)
            page.link_activated.connect(self._follow_link)
            if isinstance(page, NetworkPage):
                page.data.columns_requested.connect(self.columns_requested)
                page.training.rate_test_requested.connect(self.rate_test_requested)
                self._network_page = page
        page.show_view(self._view)
        if self._page is not None and self._page is not page:
            self._remove_page(self._page)
        self._page = page
        self._column.addWidget(page)
        page.show()
        self.verticalScrollBar().setValue(0)
        return page

    def _follow_link(self, address: str) -> None:
        from dlstudio.gui.inspector.about_links import CARD, EXAMPLE

        if address.startswith(CARD):
            self.card_requested.emit(address.removeprefix(CARD))
        elif address.startswith(EXAMPLE):
            self.example_requested.emit(address.removeprefix(EXAMPLE))

    def _remove_page(self, page: QWidget) -> None:
        """Hide a page and delete it later, but for the kept page of the network.

        The click of one of its own buttons may have replaced it. It keeps its parent, as a new one
        would style all of its widgets again.
        """
        self._column.removeWidget(page)
        page.hide()
        if page is not self._network_page:
            page.deleteLater()
