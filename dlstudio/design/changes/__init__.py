"""Compares projects: differences for undo and the canvas, fingerprints for runs.

Begin with `diff.py`, whose `Change` can be applied and reverted; `weak_versions.py` lets undo
return the very object that it had, `fingerprint.py` tells whether two designs are the same network.
"""
