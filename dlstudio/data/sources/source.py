"""What a data source tells of itself. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.layers.framework.settings import Integer, Setting


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One place data comes from.

    Attributes:
        group: Heading in lists: `Built in`, `Toys`, `Generated`, `Downloads`, `Your own`.
        summary: One line for people.
        form: `pictures`, `table`, `text`, `sequences`, or `any` where only the data tells.
        task: Name of the task it is made for, or `any` where only the data tells.
        options: The source's own settings by name.
        offline: Whether it never needs a network.
        download_bytes: Size of the first download, 0 where there is none.
        credit: Who made the data.
        is_folder: Whether its option `path` names a folder, not a file.
    """

    name: str
    title: str
    group: str
    summary: str
    form: str = "table"
    task: str = "classification"
    options: Mapping[str, Setting] = field(default_factory=dict)
    offline: bool = True
    download_bytes: int = 0
    credit: str = ""
    is_folder: bool = False


def seed_setting(noun: str) -> Integer:
    """Return the setting that fixes what is made up."""
    return Integer(title="Seed", help=f"Another seed gives other {noun}.", default=0, minimum=0)
