"""The command line: everything that works without a window.

Imports neither Qt nor torch until a command runs. Begin with `main.py`; each module of `commands/`
declares one command, `work/` does it, `framework/` holds what they share, `output/` prints.
"""
