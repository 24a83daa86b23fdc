"""What commands print: messages, a progress bar, and a run as text or JSON lines.

The JSON names in `reporters.py` are a contract that scripts rely on. Independent of command-line
options.
"""
