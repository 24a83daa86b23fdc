"""What the rules share: the context they read, roles, the last layer, and fixes that add layers.

Begin with `check_context.py`. Knows no particular task and imports no rule.
"""
