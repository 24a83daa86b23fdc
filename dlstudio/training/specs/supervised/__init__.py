"""Declarations of the tasks whose target comes from the data. Knows no torch and no Qt.

Begin with `regression.py`.
"""
