"""Estimates how long a design trains on this machine, by training it for a moment."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor

from dlstudio.data.core.dataset import DataSet, Subset
from dlstudio.data.core.normaliser import Normaliser
from dlstudio.data.core.progress import IsCancelled, never_cancelled
from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.model.training_settings import chosen
from dlstudio.network.compile.compile import CompileError
from dlstudio.training.loop.prepare import create_trainer, thread_count
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import RunOptions
from dlstudio.training.specs.automatic import resolve
from dlstudio.training.step.devices import torch_threads
from dlstudio.training.step.evaluate import evaluate
from dlstudio.training.step.trainer import Trainer

_WARM_UP_STEPS = 3
_MIN_STEPS, _MAX_STEPS = 2, 60
_SECONDS = 0.4
_MAX_NUMBERS = 1 << 23
"""Numbers in the samples that are drawn, at most."""
_EVALUATED = 256


def estimate_seconds(
    project: Project, threads: int = 0, cancelled: IsCancelled = never_cancelled
) -> float | None:
    """Return the seconds that a new run of a design would take; None if it cannot be trained.

    Random samples of the shapes in `project.data.facts` are trained on and evaluated for about
    half a second, so no data is read. Draws from torch's global generator: not while a run lives.

    Args:
        project: The design; its facts hold the number of samples.
        threads: Threads of the run, 0 for all cores.
        cancelled: Ends the measurement early, with None.
    """
    info = project.data.facts
    if info is None or not info.samples.get("train"):
        return None
    options = RunOptions(threads=threads)
    training = resolve(project.training, info)
    batch_size = chosen(training.batch_size)
    with torch_threads(thread_count(options)):
        try:
            data = random_samples(info, batch_size)
            trainer = create_trainer(project, data, options, thread_count(options))
        except (TrainingError, CompileError):
            return None
        step = _seconds_a_step(trainer, cancelled)
        if step is None or cancelled():
            return None
        sample = _seconds_an_evaluated_sample(trainer)
    epochs, samples = chosen(training.epochs), info.samples
    steps = epochs * math.ceil(samples["train"] / batch_size)
    evaluated = epochs * samples.get("validation", 0) + samples.get("test", 0)
    return steps * step + evaluated * sample


def random_samples(info: DatasetInfo, batch_size: int) -> DataSet:
    """Return a few random samples of the shapes and types of described data."""
    generator = torch.Generator().manual_seed(0)
    size = max(math.prod(signal.shape) for signal in info.inputs.values())
    count = max(min(4 * batch_size, _MAX_NUMBERS // max(size, 1)), batch_size)
    evaluated = max(min(_EVALUATED, _MAX_NUMBERS // max(size, 1)), 1)

    def draw(rows: int) -> Subset:
        inputs = {
            role: _draw(signal, rows, info.numbers.get("vocabulary", 2), generator)
            for role, signal in info.inputs.items()
        }
        return Subset(inputs, None if info.target is None else _draw_target(info, rows, generator))

    return DataSet(draw(count), draw(evaluated), None, info, Normaliser())


def _draw(signal: Signal, rows: int, limit: int, generator: torch.Generator) -> Tensor:
    """Return values (rows, *shape); whole numbers lie below a limit."""
    shape = (rows, *signal.shape)
    if signal.dtype == "float32":
        return torch.randn(shape, generator=generator)
    numbers = torch.randint(max(limit, 1), shape, generator=generator)
    dtype = getattr(torch, signal.dtype)
    assert isinstance(dtype, torch.dtype)
    return numbers.to(dtype)


def _draw_target(info: DatasetInfo, rows: int, generator: torch.Generator) -> Tensor:
    target, numbers = info.target, info.numbers
    assert target is not None
    if target.meaning == "labels":
        return torch.randint(2, (rows, *target.shape), generator=generator).float()
    name = "vocabulary" if target.meaning == "tokens" else "classes"
    return _draw(target, rows, numbers.get(name, 2), generator)


def _seconds_a_step(trainer: Trainer, cancelled: IsCancelled) -> float | None:
    times: list[float] = []
    while len(times) < _MIN_STEPS or (sum(times) < _SECONDS and len(times) < _MAX_STEPS):
        if cancelled():
            return None
        if trainer.is_epoch_over:
            trainer.state.index = 0
        times.append(_timed(trainer, trainer.step))
    return statistics.fmean(times[min(_WARM_UP_STEPS, len(times) - 1) :])


def _seconds_an_evaluated_sample(trainer: Trainer) -> float:
    context = trainer.context
    batches = context.evaluation_batches["validation"]

    def work() -> object:
        return evaluate(trainer.module, batches, trainer.objective, context.precision)

    return _timed(trainer, work) / len(context.data.subsets["validation"])


def _timed(trainer: Trainer, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    if trainer.context.device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start
