"""What the reader of a source is given. Knows no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.core.progress import IsCancelled, ProgressCallback
from dlstudio.data.sources.framework.builtin_info import BuiltinInfo, Options
from dlstudio.data.sources.framework.source import SourceSpec
from dlstudio.design.model.data_settings import DataSettings, Split


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """One reading of a source.

    Attributes:
        options: The source's options, checked.
        path: Where the option `path` leads to, and something is there; None without one.
        data_dir: Folder of downloads; it may not exist.
        progress: Told what goes on and the share done (None where it cannot be known).
        cancelled: Asked now and then whether to stop: `Cancelled` is raised then.
        download: Whether what is not there may be fetched.
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
        """How the samples will be divided."""
        return self.settings.split

    @property
    def file(self) -> Path:
        """The path of a source that cannot be read without one."""
        assert self.path is not None, f"{self.source.name} was read without a path"
        return self.path

    @property
    def builtin(self) -> BuiltinInfo:
        """What the source declares as a value."""
        assert isinstance(self.source.info, BuiltinInfo), f"{self.source.name} declares no value"
        return self.source.info
