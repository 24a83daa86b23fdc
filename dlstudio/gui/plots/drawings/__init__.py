"""How the values of views are drawn: each type once, for every view.

Knows no particular view. Begin reading in `drawing`, which finds the widget of a value.
"""
