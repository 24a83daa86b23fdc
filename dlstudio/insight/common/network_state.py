"""What a view of the input `state` is computed from."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.data.core.progress import ProgressCallback
from dlstudio.design.model.model import Project
from dlstudio.insight.common.eval_mode import no_progress
from dlstudio.training.loop.observer import RunView


@dataclass(frozen=True, slots=True)
class NetworkState:
    """A network at one moment, with its data.

    Attributes:
        network: The networks and their samples. A view leaves them as they are, and cannot tell
            whether it looks at a run between two steps or at a copy.
        project: The design that the networks were made of.
        progress: Told what goes on and the share done; what it raises ends the work.
        data_dir: Folder of downloads.
        design_dir: Folder that relative paths of the user's own data start from.
    """

    network: RunView
    project: Project
    progress: ProgressCallback = no_progress
    data_dir: str = ""
    design_dir: str = ""
