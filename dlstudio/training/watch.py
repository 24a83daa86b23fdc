"""Lets observers look at a run without touching what it learns."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

from dlstudio.training.events import Snapshot
from dlstudio.training.observer import Observer, RunView
from dlstudio.training.run import Run

_log = logging.getLogger(__name__)


class Watch:
    """The observers of a run; one that fails is dismissed, with its reason in the log."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        """Take the observers in."""
        self._observers = list(observers)
        self._seen: list[Snapshot] = []

    def look(self, run: Run) -> Iterator[Snapshot]:
        """Yield what observers see now, and what they saw after the backward pass."""
        if self._seen:
            yield from self._seen
            self._seen.clear()
        step, epoch = run.state.step, run.epoch_under_way
        for observer in [observer for observer in self._observers if observer.wants(step, epoch)]:
            run.rest()
            with torch.no_grad(), run.answering():
                payload = self._ask(observer, observer.observe, run)
            if payload is not None:
                yield Snapshot(step, observer.name, payload)

    def between(self, run: Run) -> Callable[[], None] | None:
        """Return what to call after the next backward pass, None where nobody wants it."""
        if not self._observers:
            return None
        step, epoch = run.state.step + 1, run.epoch_under_way
        interested = [observer for observer in self._observers if observer.wants(step, epoch)]
        if not interested:
            return None

        def observe_gradients() -> None:
            for observer in interested:
                payload = self._ask(observer, observer.after_backward, run)
                if payload is not None:
                    self._seen.append(Snapshot(step, observer.name, payload))

        return observe_gradients

    def _ask(self, observer: Observer, question: Callable[[RunView], Any], run: Run) -> Any:
        try:
            return question(_view(run))
        except Exception:  # noqa: BLE001 - a view never ends a run; its reason goes to the log
            _log.exception("the view %r failed and is switched off", observer.name)
            self._observers = [active for active in self._observers if active is not observer]
            return None


def _view(run: Run) -> RunView:
    data = run.equipment.data
    return RunView(
        objective=run.equipment.objective,
        parts=data.parts,
        normaliser=data.normaliser,
        facts=data.facts,
        device=run.equipment.device,
        step=run.state.step,
        epoch=run.epoch_under_way,
        vocabulary=data.vocabulary,
        target_names=data.target_names,
    )
