"""What a data source declares. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from dlstudio.data.sources.framework.builtin_info import BuiltinInfo
from dlstudio.layers.framework.settings import Setting

BUILT_IN, TOYS, GENERATED, DOWNLOADS, YOUR_OWN = (
    "Built in", "Toys", "Generated", "Downloads", "Your own",
)  # fmt: skip
"""Headings of lists; a package may bring one of its own."""


class Match(IntEnum):
    """How well a source suits what lies at a path."""

    NO = 0
    FALLBACK = 1
    POSSIBLE = 2
    LIKELY = 3
    SURE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PathSpec:
    """What the option `path` of a source names.

    Attributes:
        is_folder: Whether that is a folder, not a file.
        is_optional: Whether there is data without it as well.
        suffixes: Endings of the files it reads, in lower case: `.csv`.
        match: Target of a function `(path) -> Match`. Without one, a file of these endings is
            `LIKELY` what the source reads, and a folder never is.
        suggest: Target of a function `(path, split) -> options` that fit what lies there.
    """

    is_folder: bool = False
    is_optional: bool = False
    suffixes: tuple[str, ...] = ()
    match: str = ""
    suggest: str = ""


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One place data comes from: all that is known of it, as a value.

    Attributes:
        name: The word in files.
        group: Heading in lists.
        summary: One line for people, without a full stop.
        reader: Target of the function `(ReadRequest) -> RawSamples | RawSource | DataSet` that
            reads it. It may import torch: nothing imports it before it is called.
        info: What is known without reading: a value, or the target of a torch-free function
            `(options, split) -> BuiltinInfo | DatasetInfo | None`. None stands for the user's own
            data, of which a design keeps what was last seen.
        form: `pictures`, `table`, `text`, `sequences`, or `any` where only the data tells.
        task: Name of the task it is made for, or `any` where only the data tells.
        options: The source's own settings by name.
        path: What the option `path` names, None where there is no such option.
        is_sequential: Whether its parts are stretches of one whole, so that the test part lies
            behind what is learnt.
        offline: Whether it never needs a network.
        download_bytes: Size of the first download, 0 where there is none.
        credit: Who made the data.
    """

    name: str
    title: str
    group: str
    summary: str
    reader: str
    info: BuiltinInfo | str | None = None
    form: str = "table"
    task: str = "classification"
    options: Mapping[str, Setting] = field(default_factory=dict)
    path: PathSpec | None = None
    is_sequential: bool = False
    offline: bool = True
    download_bytes: int = 0
    credit: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether the option `path` names a folder."""
        return self.path is not None and self.path.is_folder

    @property
    def needs_path(self) -> bool:
        """Whether there is no data before the option `path` names a file or a folder."""
        return self.path is not None and not self.path.is_optional
