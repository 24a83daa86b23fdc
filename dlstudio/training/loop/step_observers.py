"""Calls the step observers of a run, without any effect on training."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

from dlstudio.data.core.batches import Batch
from dlstudio.training.loop.observer import RunView
from dlstudio.training.loop.observers import run_view
from dlstudio.training.loop.step_observer import StepObserver
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.protocol.events import Snapshot
from dlstudio.training.step.trainer import StepListener, Trainer

Result = TypeVar("Result")
_log = logging.getLogger(__name__)
_UNWATCHED: AbstractContextManager[None] = nullcontext()


class StepDispatcher(StepListener):
    """Calls the step observers of a run; one that fails is removed, with its exception in the log.

    It implements the listener of a step and forwards its calls.
    """

    def __init__(
        self, observers: Sequence[StepObserver], trainer: Trainer, run_dir: str = ""
    ) -> None:
        self._observers = list(observers)
        self._trainer = trainer
        self._run_dir = run_dir
        self._interested: list[StepObserver] = []
        self._snapshots: list[Snapshot] = []

    def take_snapshots(self) -> list[Snapshot]:
        """Return the observations since the last call."""
        snapshots, self._snapshots = self._snapshots, []
        return snapshots

    def watch_step(self) -> AbstractContextManager[StepListener | None]:
        """Return a context for one step, with its listener; None if no observer wants it."""
        if not self._observers:
            return _UNWATCHED
        step = self._trainer.state.step + 1
        answers = self._call(self._observers, lambda observer: observer.wants_step(step))
        self._interested = [observer for observer, wants in answers if wants]
        return self._watch(step) if self._interested else _UNWATCHED

    @contextmanager
    def _watch(self, step: int) -> Iterator[StepListener]:
        try:
            self._pass_on(lambda observer: observer.begin_step(self._view()))
            yield self
            observations = self._call(
                self._interested, lambda observer: observer.end_step(self._view())
            )
            self._snapshots += (
                Snapshot(step, observer.name, payload)
                for observer, payload in observations
                if payload is not None
            )
        finally:
            self._pass_on(lambda observer: observer.close())
            self._interested = []

    def begin_phase(self, batch: Batch, phase: Phase) -> None:
        self._pass_on(lambda observer: observer.begin_phase(batch, phase))

    def after_forward(self, result: BatchResult) -> None:
        self._pass_on(lambda observer: observer.after_forward(result))

    def after_backward(self) -> None:
        self._pass_on(lambda observer: observer.after_backward(self._view()))

    def _view(self) -> RunView:
        return run_view(self._trainer, self._run_dir)

    def _pass_on(self, call: Callable[[StepObserver], None]) -> None:
        if self._interested:
            self._call(self._interested, call)

    def _call(
        self, observers: Sequence[StepObserver], call: Callable[[StepObserver], Result]
    ) -> list[tuple[StepObserver, Result]]:
        """Call each observer and return the results; one that fails is closed and removed."""
        answers = []
        for observer in tuple(observers):
            try:
                answers.append((observer, call(observer)))
            except (Exception, SystemExit):  # noqa: BLE001 - an observer never ends a run
                _log.exception("the view %r failed and was switched off", observer.name)
                self._drop(observer)
        return answers

    def _drop(self, observer: StepObserver) -> None:
        for observers in (self._observers, self._interested):
            observers[:] = [active for active in observers if active is not observer]
        try:
            observer.close()
        except (Exception, SystemExit):  # noqa: BLE001 - as above
            _log.exception("the view %r could not be closed", observer.name)
