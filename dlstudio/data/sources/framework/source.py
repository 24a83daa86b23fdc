"""The declaration of a data source. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from dlstudio.data.sources.framework.builtin_info import BuiltinInfo
from dlstudio.layers.framework.settings import Setting

BUILT_IN, TOYS, GENERATED, DOWNLOADS, YOUR_OWN = (
    "Built in", "Toys", "Generated", "Downloads", "Your own",
)  # fmt: skip
"""Group titles in lists; a package may add its own."""


class Match(IntEnum):
    """How well a source matches a file or a folder."""

    NO = 0
    FALLBACK = 1
    POSSIBLE = 2
    LIKELY = 3
    SURE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PathSpec:
    """The file or folder that the option `path` of a source names.

    Attributes:
        is_folder: Whether it is a folder, not a file.
        is_optional: Whether the source also has data without a path.
        suffixes: Suffixes of the files it reads, in lower case, such as `.csv`.
        match: Target of a function `(path) -> Match`. Without one, files with these suffixes
            match as `LIKELY`, and folders never match.
        suggest: Target of a function `(path, split) -> options` that returns suitable options.
    """

    is_folder: bool = False
    is_optional: bool = False
    suffixes: tuple[str, ...] = ()
    match: str = ""
    suggest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A few samples that ship with dlstudio, to be shown while a data set is not downloaded.

    Nothing is trained or measured with them.

    Attributes:
        title: What they are: `50 digits drawn for dlstudio`.
        reader: Target of a function `() -> RawSamples`; the samples have the same form.
        mean: Mean of each channel of the data set, with images in 0…1.
        deviation: Standard deviation of each channel.
    """

    title: str
    reader: str
    mean: tuple[float, ...]
    deviation: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """The declaration of a data source.

    Attributes:
        name: Identifier in design files.
        group: Title of its group in lists.
        summary: One line for the user, without a full stop.
        reader: Target of a function `(ReadRequest) -> RawSamples | RawSource | DataSet`. It may
            import torch: its module is imported only to read data.
        info: Dataset info known without reading: a value, or the target of a torch-free function
            `(options, split) -> BuiltinInfo | DatasetInfo | None`. None is for the user's own
            data; a design stores its last known info.
        form: `pictures`, `table`, `text`, `sequences`, or `any` if it depends on the data.
        task: Default task, or `any` if it depends on the data.
        options: The source's settings by name.
        path: Description of the option `path`, None for a source without it.
        has_target: Whether its samples have a target.
        is_sequential: Whether its subsets are consecutive spans, the test span last.
        offline: Whether it never needs a download.
        download_bytes: Size of the first download, 0 if there is none.
        credit: Authors of the data.
        sample_noun: What a sample is, where its form does not say so: `spectrogram`.
        has_sounds: Whether its folder holds sounds, whose waveforms can be drawn.
        stand_in: Samples to show while the data set is not downloaded, None for none.
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
    has_target: bool = True
    is_sequential: bool = False
    offline: bool = True
    download_bytes: int = 0
    credit: str = ""
    sample_noun: str = ""
    has_sounds: bool = False
    stand_in: StandIn | None = None

    @property
    def is_folder(self) -> bool:
        """Whether the option `path` names a folder."""
        return self.path is not None and self.path.is_folder

    @property
    def needs_path(self) -> bool:
        """Whether the source has no data without the option `path`."""
        return self.path is not None and not self.path.is_optional
