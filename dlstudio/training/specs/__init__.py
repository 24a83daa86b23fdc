"""Declarations of the tasks: one frozen value per task, and one line in the registry.

Form, check, command line, run and samples panel derive from here. The code of a task is named by
dotted targets that are imported late: nothing here imports torch or Qt. Begin with
`core/task_spec.py`, then read a task such as `supervised/regression.py`.
"""
