"""The inspector: the panel that shows and edits the selection.

One page for each kind of selection: a card, several cards, an open block, or the network with its
data and training. Pages edit through the document and use the forms of `gui/forms`, `gui/data` and
`gui/training`; they import no plot and no window. Begin with `inspector.py`, which chooses the
page, and `node_page.py`; `node_properties.py` computes what the pages show.
"""
