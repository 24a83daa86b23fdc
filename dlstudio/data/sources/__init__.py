"""Data sources: their declarations, the registry, and what derives from them.

Imports neither torch nor Qt: a declaration names its reader by a dotted target, which
`data/load.py` imports when data is read. Begin with `sources.py` (the registry), then
`framework/source.py`; `dataset_info.py` returns shapes, classes and sizes without reading data.
"""
