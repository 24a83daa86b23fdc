"""Declarations of the tasks whose target comes from the data. Imports neither torch nor Qt.

Begin with `regression.py`.
"""
