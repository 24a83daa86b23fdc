"""The canvas: the network as cards, wires and notes, and everything that edits it there.

Its folders build on each other in this order: `model` (card texts), `scene` (geometry and hit
tests), `paint` (drawing), `commands` (edits of the selection), `tools` (mouse gestures), `overlays`
(search box, popups, mini-map) and `editor` (the widgets). None of them imports torch, a panel or
the main window. Begin with `editor/editor.py`, the widget the window uses, and `scene/scene.py`.
"""
