"""What crosses between a run and its caller: events, commands and the error that ends a run.

Frozen values without torch, because the window imports them at startup. Begin with `events.py`.
"""
