"""Calls the observers of a run, without any effect on training."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

from dlstudio.training.loop.observer import Observer, RunView
from dlstudio.training.protocol.events import Snapshot
from dlstudio.training.step.trainer import Trainer

_log = logging.getLogger(__name__)


class ObserverDispatcher:
    """Calls the observers of a run; one that fails is removed, with its exception in the log."""

    def __init__(self, observers: Sequence[Observer], run_dir: str = "") -> None:
        self._observers = list(observers)
        self._run_dir = run_dir

    def run_observers(self, trainer: Trainer) -> Iterator[Snapshot]:
        """Yield the observations of this step."""
        step, epoch = trainer.state.step, trainer.current_epoch
        for observer in [observer for observer in self._observers if observer.wants(step, epoch)]:
            trainer.set_eval_mode()
            with torch.no_grad(), trainer.evaluation_weights():
                payload = self._call(observer, observer.observe, trainer)
            if payload is not None:
                yield Snapshot(step, observer.name, payload)

    def _call(self, observer: Observer, method: Callable[[RunView], Any], trainer: Trainer) -> Any:
        try:
            return method(run_view(trainer, self._run_dir))
        except (Exception, SystemExit):  # noqa: BLE001 - an observer never ends a run
            _log.exception("the view %r failed and was switched off", observer.name)
            self._observers = [active for active in self._observers if active is not observer]
            return None


def run_view(trainer: Trainer, run_dir: str = "") -> RunView:
    """Return the run as observers see it."""
    data = trainer.context.data
    return RunView(
        objective=trainer.objective,
        subsets=data.subsets,
        normaliser=data.normaliser,
        facts=data.facts,
        device=trainer.context.device,
        step=trainer.state.step,
        epoch=trainer.current_epoch,
        vocabulary=data.vocabulary,
        target_names=data.target_names,
        original=data.original,
        columns=data.input_columns,
        word_columns=data.word_columns,
        features=data.columns,
        run_dir=run_dir,
    )
