"""The request that the reader of a source receives. Does not import torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.core.progress import IsCancelled, ProgressCallback
from dlstudio.data.sources.framework.builtin_info import BuiltinInfo, Options
from dlstudio.data.sources.framework.source import SourceSpec
from dlstudio.design.model.data_settings import DataSettings, Split


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A request to read a source.

    Attributes:
        options: The source's options, parsed.
        path: The existing file or folder that the option `path` names; None without one.
        data_dir: Folder of downloads; it may not exist.
        progress: Called with a message and the completed share (None if unknown).
        cancelled: Polled; the reader raises `Cancelled` when it returns True.
        download: Whether missing files may be downloaded.
    """

    source: SourceSpec
    settings: DataSettings
    options: Options
    path: Path | None
    data_dir: Path
    progress: ProgressCallback
    cancelled: IsCancelled
    download: bool

    @property
    def split(self) -> Split:
        """The split of the samples."""
        return self.settings.split

    @property
    def file(self) -> Path:
        """The path, for a source that requires one."""
        assert self.path is not None, f"{self.source.name} was read without a path"
        return self.path

    @property
    def builtin(self) -> BuiltinInfo:
        """The info, for a source that declares it as a value."""
        assert isinstance(self.source.info, BuiltinInfo), f"{self.source.name} declares no info"
        return self.source.info
