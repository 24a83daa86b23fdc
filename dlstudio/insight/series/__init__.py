"""Figures of the layers over the steps of a run: the input `series` of views.

Knows no particular view. Begin with `series.py`, what views get; `series_observer.py` records it.
"""
