"""What each task is: one frozen declaration a task, and a registry line for each.

Form, check, command line, run and samples panel derive from here. What a task does is named by
dotted targets that are imported late: this room knows neither torch nor Qt. Begin with
`core/task_spec.py`, then read any task, such as `supervised/regression.py`.
"""
