"""What the canvas shows, as plain values: card texts, problems by card, insertable items.

No Qt and no torch: everything is computed from the project, the layer registry and the last check
report. Begin with `node_description.py` (texts and ports of a node) and `scope_report.py` (the
report by node id).
"""
