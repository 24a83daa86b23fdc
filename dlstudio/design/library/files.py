"""Opening and saving designs and bundles, to be imported from here."""

from __future__ import annotations

from dlstudio.design.storage.bundle import load_bundle, save_bundle
from dlstudio.design.storage.design_file import dumps, load, loads, save
from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.paths import absolute, relative

__all__ = [
    "FileError",
    "absolute",
    "dumps",
    "load",
    "load_bundle",
    "loads",
    "relative",
    "save",
    "save_bundle",
]
