"""The open design and what every panel needs beside it: undo, check, preferences, own blocks.

Imports no widget, and torch only in the checker's thread. Begin with `document.py`: every edit goes
through `Document.apply` or `try_edit`, and panels follow its signals. `checker.py` keeps the report
up to date; `block_paths.py` relates the inside of a block to the report.
"""
