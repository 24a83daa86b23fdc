"""Declarations of the tasks that generate samples from noise. Knows no torch and no Qt.

Begin with `variational.py`.
"""
