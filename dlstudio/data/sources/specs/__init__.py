"""The declarations of the data sources, one module per family.

A declaration names its reader and its dataset info by dotted targets; the registry
`data/sources/sources.py` lists it in one line. Imports neither torch nor Qt.
"""
