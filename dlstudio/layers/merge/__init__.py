"""Layers that combine several inputs: sums, products, concatenation and pairs.

Begin with `merge.py` (any number of inputs) and `binary.py` (a left and a right one);
`merge_repairs.py` computes fixes for inputs whose shapes differ.
"""
