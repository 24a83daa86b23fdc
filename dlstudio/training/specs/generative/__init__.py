"""Declarations of the tasks that generate samples from noise. Imports neither torch nor Qt.

Begin with `variational.py`.
"""
