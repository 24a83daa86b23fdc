"""The error for files that cannot be read or written."""

from __future__ import annotations


class FileError(Exception):
    """A file cannot be read or written; the message is one line for the user."""
