"""Restores a trained network from its design, data and weights files, without a run.

Downloads nothing, and does not use torch's global generator, which a run may be using.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from dlstudio.data.core.dataset import DataSet
from dlstudio.data.core.errors import Cancelled, DataError
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.insight.common.observed_network import ObservedNetwork
from dlstudio.network.compile.compile import CompileError, compile_design
from dlstudio.network.weights.weights import WeightsError, load_weights
from dlstudio.training.loop.observer import RunView
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import RunOptions
from dlstudio.training.tasks.registry import create_objective

_CPU = torch.device("cpu")
RESTORED = "with the restored weights"
"""Shown as the origin of the network."""


@dataclass(frozen=True, slots=True)
class RestoredNetwork:
    """A restored network with its design and its data.

    Attributes:
        network: The network, shared by all views of it.
        project: The design from which the network was built.
        data: The data that the design selects.
    """

    network: ObservedNetwork
    project: Project
    data: DataSet


def restore_network(
    project: Project,
    options: RunOptions,
    previous: RestoredNetwork | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> RestoredNetwork | None:
    """Return the design's network with `options.initial_weights` loaded, on the CPU.

    None if the data is not available or the weights do not match.

    Args:
        project: The current design.
        options: Locations of its data and weights.
        previous: A network restored earlier; its data is reused if the data settings are equal.
        cancelled: Polled; returns True to stop.

    Raises:
        Cancelled: `cancelled` returned True.
    """
    try:
        data = _load_or_reuse_data(project.data, options, previous, cancelled)
        compiled = compile_design(project, data.facts)
        match = load_weights(compiled.module, options.initial_weights)
        objective = create_objective(project.training, compiled)
        objective.target_scale = data.target_scale
    except (DataError, CompileError, WeightsError, TrainingError):
        return None
    if not match.is_complete:
        return None
    view = RunView(
        objective,
        data.subsets,
        data.normaliser,
        data.facts,
        _CPU,
        step=0,
        epoch=0,
        vocabulary=data.vocabulary,
        target_names=data.target_names,
    )
    return RestoredNetwork(ObservedNetwork(view, RESTORED), project, data)


def _load_or_reuse_data(
    settings: DataSettings,
    options: RunOptions,
    previous: RestoredNetwork | None,
    cancelled: Callable[[], bool],
) -> DataSet:
    if previous is not None and previous.project.data == settings:
        return previous.data
    data = load_data(
        settings,
        data_dir=options.data_dir,
        design_dir=options.design_dir,
        cancelled=cancelled,
        download=False,
    )
    if cancelled():
        raise Cancelled
    return data
