"""Creates the page for a selection. Imported when the first page is needed, after the paint."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.design.model.model import TOP
from dlstudio.gui.document.document import Document
from dlstudio.gui.inspector.block_page import BlockPage
from dlstudio.gui.inspector.multi_selection_page import MultiSelectionPage
from dlstudio.gui.inspector.network_page import NetworkPage
from dlstudio.gui.inspector.node_page import NodePage
from dlstudio.gui.runs.session import TrainingSession

AnyPage = NodePage | MultiSelectionPage | NetworkPage | BlockPage


def create_page(
    document: Document,
    session: TrainingSession | None,
    ids: Sequence[str],
    *,
    definition_open: bool = False,
) -> AnyPage:
    """Return the page for the selected cards of the open scope.

    Args:
        document: The design.
        session: As for `NetworkPage`.
        ids: The selected cards, without notes; empty for the page of the scope.
        definition_open: Whether to expand the definition of a placed block.
    """
    if len(ids) > 1:
        return MultiSelectionPage(document, ids)
    if ids:
        return NodePage(document, ids[0], definition_open=definition_open)
    return NetworkPage(document, session) if document.scope == TOP else BlockPage(document)
