"""The version; the package metadata, the window and the run folders read it here."""

from __future__ import annotations

VERSION = "0.1.0"
