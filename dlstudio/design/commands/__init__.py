"""Edits that start from text or data instead of a call: the clipboard, and fixes of problems.

Both validate what they receive, since it may come from another window or an older state. Begin
with `repairs.py` for fixes by name and `clipboard.py` for copy and paste.
"""
