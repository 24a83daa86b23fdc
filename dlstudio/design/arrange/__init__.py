"""Automatic layout of a graph: columns by depth, rows by path.

Uses sizes of cards, but not Qt. Begin with `arrange.py`; `layout_columns.py` and
`layout_rows.py` do its two steps.
"""
