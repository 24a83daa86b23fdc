"""The sources of the inputs of views in the window, one for each kind of input.

Imports no view. Begin with `input_source.py`, the base class; `input_sources.py` lists them.
"""
