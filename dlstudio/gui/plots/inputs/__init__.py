"""What views are computed from, as the window has it: one source for each input of a view.

Knows no view. Begin with `input_source.py`, what all have in common; `input_sources.py` lists them.
"""
