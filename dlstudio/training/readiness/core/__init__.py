"""What the rules share: the context they read, roles, the last layer, and fixes that add layers.

Begin with `check_context.py`. Imports no particular task and no rule.
"""
