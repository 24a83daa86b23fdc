"""Pooling with windows, to a given size, or over everything.

Begin with `pooling.py`; `pooling_checks.py` computes output sizes and reports windows that do
not fit.
"""
