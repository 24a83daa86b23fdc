"""What can be opened or placed by name: examples, shipped blocks and the user's own blocks.

Imports no window. Begin with `library.py` for blocks and `examples.py` for designs; `files.py` is
where other packages import opening and saving from.
"""
