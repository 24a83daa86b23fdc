"""What the axes of a sample represent: values of `Signal.meaning`."""

from __future__ import annotations

MEANING_BY_AXES = {1: "features", 2: "sequence", 3: "maps"}


MAPS = ("picture", "maps")
"""Meanings whose rows and columns belong together: Linear should not process them row by row."""
