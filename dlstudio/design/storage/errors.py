"""The one way in which a file refuses to be read or written."""

from __future__ import annotations


class FileError(Exception):
    """A design file cannot be read or written; the text is one line for people."""
