"""Widgets over the canvas: search box, find bar, problem popup, mini-map, inline editors, hints.

They share a `CanvasContext` and take their parent as a plain widget; they do not import the editor.
Begin with `search_box.py` and `problem_popup.py`; `editor/overlays.py` creates and places them all.
"""
