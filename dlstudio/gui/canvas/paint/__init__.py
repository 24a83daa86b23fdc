"""Draws the canvas with a QPainter: background, notes, wires, cards, labels.

Reads the scene and never changes it; imports no gesture and no widget. Begin with `frame.py`, which
draws one frame and chooses the level of detail; `canvas_style.py` holds colours, pens and fonts.
"""
