"""Layers that change the shape of a sample: reshape, permute, slice, reduce.

Begin with `shape.py`; `dimensions.py` adds and removes axes, `slicing.py` cuts, `reductions.py`
computes sums, means and extremes along an axis.
"""
