"""Edits of the canvas without a mouse gesture: add, delete, copy, arrange, group, navigate.

Functions on a `CanvasContext`; each edit is one undoable step. They import no widget except the
clipboard. Begin with `adding.py` and `editing.py`; `editor/editor.py` exposes them as actions.
"""
