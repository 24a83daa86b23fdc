"""Declarations of the tasks that learn from samples without targets. Imports neither torch nor Qt.

Begin with `reconstruction.py`.
"""
