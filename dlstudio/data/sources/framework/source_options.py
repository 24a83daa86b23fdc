"""Options that several sources share, declared once. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.layers.framework.settings import Boolean, Choice, Integer, Setting, Text

FILE = Text(title="File", help="Path of the data, relative to the design's folder.", default="")
FOLDER = Text(title="Folder", help="Path of the data, relative to the design's folder.", default="")
ROWS = Boolean(
    title="Row by row",
    help="Read each image as a sequence of rows, for recurrent layers and attention.",
    default=False,
    advanced=True,
)
"""Any source of images may declare it; `data/load.py` converts the images."""
TABLE: Mapping[str, Setting] = {
    "delimiter": Choice(
        title="Delimiter",
        help="Character between two columns.",
        default="auto",
        options=("auto", "comma", "semicolon", "tab", "pipe", "space"),
    ),
    "header": Choice(
        title="Header",
        help="Whether the first row names the columns.",
        default="auto",
        options=("auto", "yes", "no"),
    ),
    "decimal": Choice(
        title="Decimals",
        help="Sign before decimals; marks between thousands are recognised.",
        default="auto",
        options=("auto", "point", "comma"),
    ),
}
WINDOW = Integer(title="Window", help="Steps in the network's input.", default=48, maximum=10_000)
HORIZON = Integer(
    title="Horizon", help="Steps to predict after the window.", default=12, maximum=10_000
)


def seed_setting(noun: str) -> Integer:
    """Return the setting of the seed that synthetic data is generated from."""
    return Integer(
        title="Seed", help=f"A different seed gives different {noun}.", default=0, minimum=0
    )
