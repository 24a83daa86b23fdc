"""The types and shared settings of task declarations. Begin with `task_spec.py`.

Imports no particular task, no torch and no Qt.
"""
