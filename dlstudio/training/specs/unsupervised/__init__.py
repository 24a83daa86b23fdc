"""Declarations of the tasks that learn from samples without targets. Knows no torch and no Qt.

Begin with `reconstruction.py`.
"""
