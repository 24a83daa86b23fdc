"""The run folders of a design that gets another file: they are moved or copied beside it.

Must not know any panel. Begin with `unsaved_runs.py`.
"""
