"""Options that several sources ask for, declared once. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.layers.framework.settings import Boolean, Choice, Integer, Setting, Text

FILE = Text(title="File", help="Where the data lies; relative to the design's folder.", default="")
FOLDER = Text(
    title="Folder", help="Where the data lies; relative to the design's folder.", default=""
)
ROWS = Boolean(
    title="Row by row",
    help="Hand pictures over row by row, as a sequence for recurrent layers and attention.",
    default=False,
    advanced=True,
)
"""Any source of pictures may ask for it: what was read is brought into this form."""
TABLE: Mapping[str, Setting] = {
    "delimiter": Choice(
        title="Delimiter",
        help="What stands between two columns.",
        default="auto",
        options=("auto", "comma", "semicolon", "tab", "pipe", "space"),
    ),
    "header": Choice(
        title="Header",
        help="Whether the first line names the columns.",
        default="auto",
        options=("auto", "yes", "no"),
    ),
}
WINDOW = Integer(title="Window", help="Steps that the network sees.", default=48, maximum=10_000)
HORIZON = Integer(
    title="Horizon", help="Steps to predict behind the window.", default=12, maximum=10_000
)


def seed_setting(noun: str) -> Integer:
    """Return the setting that fixes what is made up."""
    return Integer(title="Seed", help=f"Another seed gives other {noun}.", default=0, minimum=0)
