"""Automatic layout of a graph: columns by depth, rows by path.

Knows sizes of cards but nothing of Qt. Begin with `arrange.py`; `layout_columns.py` and
`layout_rows.py` do its two steps.
"""
