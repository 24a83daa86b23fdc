"""Compares projects: differences for undo and the canvas, fingerprints for runs.

Begin with `diff.py`, whose `Change` can be applied and reverted; `weak_versions.py` lets undo
return the same object as before; `fingerprint.py` identifies equal networks and equal runs.
"""
