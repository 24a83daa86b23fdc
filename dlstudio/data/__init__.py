"""Data sets as tensors: built-in, downloaded, synthetic, and the user's own files.

`load.py` reads, splits and normalises the data that a project names; `preview.py` summarises it
for the window. `sources/` declares what exists (torch-free); the other folders read it, and
`core/` holds what all of them share. Imports `design` and `layers` only: nothing here knows
networks, training or Qt. Begin with `load.py`.
"""
