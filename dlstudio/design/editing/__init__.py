"""Edits: pure functions that take a project and return a new one, or raise `EditError`.

Other packages import them from `design/edits.py` and `design/blocks.py`. Begin with `nodes.py` and
`wires.py`; `insertion.py` and `snippet.py` also make room on the canvas.
"""
