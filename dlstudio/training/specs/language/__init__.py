"""Declarations of the tasks that predict tokens. Imports neither torch nor Qt.

Begin with `next_token.py`.
"""
