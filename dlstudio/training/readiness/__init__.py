"""Checks whether a design can be trained: structure, data, settings and the rules of its task.

Torch-free. Every rule yields `Problem`s with a code, a message and, where possible, a fix; the
window, the command line and the run itself use the same check. Begin with `check.py`;
`task_rules.py` chooses the rules of a task.
"""
