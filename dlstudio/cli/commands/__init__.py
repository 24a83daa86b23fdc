"""The commands that need no window, one module each.

A module declares one `Command`: name, help, arguments, run. It imports neither torch nor Qt before
it runs, so that `--help` answers at once; longer work is in `cli/work`. `registry.py` lists the
commands; begin with `examples.py`, the shortest.
"""
