"""The input of views with the input `state`."""

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
        network: The networks and their samples, of a run between two steps or a copy. A view must
            not change them.
        project: The design of the networks.
        progress: Called with a message and the completed share; an exception it raises cancels.
        data_dir: Folder of downloads.
        design_dir: Base folder of relative paths to the user's own data.
    """

    network: RunView
    project: Project
    progress: ProgressCallback = no_progress
    data_dir: str = ""
    design_dir: str = ""
