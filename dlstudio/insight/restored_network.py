"""A trained design as it lies on disk, alive again without a run: its data, its weights.

Nothing is fetched for it, and torch's global generator is not touched: a run elsewhere may be
drawing from it.
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
from dlstudio.insight.activations.activations import ActivationObserver
from dlstudio.insight.samples.samples import SampleObserver
from dlstudio.network.compile.compile import CompileError, compile_design
from dlstudio.network.weights.weights import WeightsError, load_weights
from dlstudio.training.loop.observer import RunView
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import RunOptions
from dlstudio.training.tasks.registry import create_objective

_CPU = torch.device("cpu")


@dataclass(frozen=True, slots=True)
class RestoredNetwork:
    """A trained network to look into.

    Attributes:
        activations: Has the network; `look_again` shows what it makes of a sample.
        samples: Has it too; `draw_again` shows what it makes of its own.
        settings: What `data` was read by.
    """

    activations: ActivationObserver
    samples: SampleObserver
    settings: DataSettings
    data: DataSet


def restore_network(
    project: Project,
    options: RunOptions,
    previous: RestoredNetwork | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> RestoredNetwork | None:
    """Return the design's network with `options.initial_weights` in it, on the CPU.

    None where there is nothing to look at: the data is not at hand, or the weights do not fit.

    Args:
        project: The design as it is now.
        options: Where its data and its weights lie.
        previous: An earlier network of this design, whose data serves again where it is the same.
        cancelled: Asked now and then whether to stop.

    Raises:
        Cancelled: `cancelled` said so.
    """
    try:
        data = _load_or_reuse_data(project.data, options, previous, cancelled)
        compiled = compile_design(project, data.facts)
        match = load_weights(compiled.module, options.initial_weights)
        objective = create_objective(project.training, compiled)
    except (DataError, CompileError, WeightsError, TrainingError):
        return None
    if not match.is_complete:
        return None
    probe, samples = ActivationObserver(project.training), SampleObserver()
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
    probe.attach(view)
    samples.attach(view)
    return RestoredNetwork(probe, samples, project.data, data)


def _load_or_reuse_data(
    settings: DataSettings,
    options: RunOptions,
    previous: RestoredNetwork | None,
    cancelled: Callable[[], bool],
) -> DataSet:
    if previous is not None and previous.settings == settings:
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
