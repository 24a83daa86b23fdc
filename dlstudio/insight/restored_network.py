"""Restores a trained network from its design, data and weights files, without a run.

Downloads nothing, and does not use torch's global generator, which a run may be using.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from dlstudio.data.core.dataset import DataSet
from dlstudio.data.core.errors import Cancelled, DataError
from dlstudio.data.load import load_data, load_stand_in
from dlstudio.data.sources.sources import find_source
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


@dataclass(frozen=True, slots=True)
class RestoredNetwork:
    """A restored network with its design and its data.

    Attributes:
        network: The network, shared by all views of it.
        project: The design from which the network was built.
        data: The data that the design selects, or the samples shown in its place.
        is_stand_in: Whether the data is not downloaded.
    """

    network: ObservedNetwork
    project: Project
    data: DataSet
    is_stand_in: bool = False


def restore_network(
    project: Project,
    options: RunOptions,
    previous: RestoredNetwork | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> RestoredNetwork | None:
    """Return the design's network with `options.initial_weights` loaded, on the CPU.

    Without its data, the network gets the samples that stand in for them. None if there are none
    or the weights do not match.

    Args:
        project: The current design.
        options: Locations of its data and weights.
        previous: A network restored earlier; its data is reused if the data settings are equal.
        cancelled: Polled; returns True to stop.

    Raises:
        Cancelled: `cancelled` returned True.
    """
    try:
        data, is_stand_in = _load_or_reuse_data(project.data, options, previous, cancelled)
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
        {"test": data.subsets["test"]} if is_stand_in else data.subsets,
        data.normaliser,
        data.facts,
        _CPU,
        step=0,
        epoch=0,
        vocabulary=data.vocabulary,
        target_names=data.target_names,
        original=data.original,
        columns=data.input_columns,
        word_columns=data.word_columns,
        features=data.columns,
    )
    note = _stand_in_note(project.data) if is_stand_in else ""
    return RestoredNetwork(ObservedNetwork(view, note), project, data, is_stand_in)


def _load_or_reuse_data(
    settings: DataSettings,
    options: RunOptions,
    previous: RestoredNetwork | None,
    cancelled: Callable[[], bool],
) -> tuple[DataSet, bool]:
    """Return the data, and whether other samples stand in for it."""
    if previous is not None and previous.project.data == settings and not previous.is_stand_in:
        return previous.data, False
    try:
        data = load_data(
            settings,
            data_dir=options.data_dir,
            design_dir=options.design_dir,
            cancelled=cancelled,
            download=False,
        )
    except DataError as error:
        stand_in = load_stand_in(settings) if error.missing_path else None
        if stand_in is None:
            raise
        return stand_in, True
    if cancelled():
        raise Cancelled
    return data, False


def _stand_in_note(settings: DataSettings) -> str:
    """Return what the samples are and why."""
    source = find_source(settings.source)
    assert source.stand_in is not None
    return f"{source.stand_in.title}; {source.title} is not downloaded"
