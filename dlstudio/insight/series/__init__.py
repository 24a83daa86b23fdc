"""Norms of each layer over the steps of a run: the input `series` of views.

Must not import any particular view. Begin with `series.py`, which holds the values that views get;
`series_observer.py` records them.
"""
