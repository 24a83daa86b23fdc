"""Declarations of the views of a network: one file each, and one line each in the registry.

A declaration imports neither torch nor Qt: the function that computes a view, and its panel if it
has a special one, are dotted targets that are imported when the view is first shown. Begin with
`spec.py`; `values.py` holds the values that a view may return and that every panel can draw.
"""
