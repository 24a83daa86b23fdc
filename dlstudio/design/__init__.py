"""The document: networks, layouts, data and training settings as frozen values, and edits of them.

Imports no torch, no Qt and nothing of the other packages. Begin with `model/model.py`, which
defines `Project`; `edits.py` and `blocks.py` list what can be done to one, `library/files.py` reads
and writes it. `ports.py`, `problems.py` and `signals.py` are names for packages that add layers.
"""
