"""Widgets that draw the values of views, one for each type of value.

Must not import any particular view. Begin with `drawing.py`, which creates the widget of a value.
"""
