"""Declarations of the tasks that predict tokens. Knows no torch and no Qt.

Begin with `next_token.py`.
"""
