"""The effective training settings at a step: those of the project plus later changes.

A change is a pure function of the plan, so that a resumed run can replay it. Knows no torch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dlstudio.design.model.training_settings import Clipping, ParameterGroup
from dlstudio.training.optim.schedules import EpochSpan
from dlstudio.training.options.training_options import CLIPPING, CLIPPING_LIMIT, LEARNING_RATE
from dlstudio.training.protocol.errors import TrainingError


@dataclass(frozen=True, slots=True)
class Plan:
    """The training settings from a step on.

    Attributes:
        groups: Parameter groups with their rates and clipping.
        spans: Consecutive spans of epochs.
        dropout: Probability of each dropout layer by path.
        layers: Paths of all layers that can be frozen, in the network's order.
        frozen: Paths of the frozen layers.
    """

    groups: tuple[ParameterGroup, ...]
    spans: tuple[EpochSpan, ...]
    dropout: Mapping[str, float]
    layers: tuple[str, ...]
    frozen: frozenset[str]

    @property
    def epochs(self) -> int:
        """Total epochs of the run."""
        return self.spans[-1].end_epoch

    def span_of(self, epoch: int) -> EpochSpan:
        """Return the span of the epoch that follows `epoch` completed ones."""
        return next((span for span in self.spans if epoch < span.end_epoch), self.spans[-1])


@dataclass(frozen=True, slots=True)
class RunPosition:
    """Completed epochs and steps of the current epoch when a change is made."""

    epoch: int
    index: int


def apply_change(
    plan: Plan, change: str, arguments: Mapping[str, Any], position: RunPosition
) -> tuple[Plan, str]:
    """Return the plan after a change, and a description for the user.

    Changes and their arguments: `learning_rate` (`learning_rate`, `group` name or empty for all),
    `clipping` (`mode`, `limit`, `group`), `dropout` (`p`, `path` or empty for all), `frozen`
    (`path`, `frozen`), `epochs` (total `epochs`; `new_span` where the run had finished).

    Raises:
        TrainingError: The change is invalid; the message says why.
    """
    if change not in _CHANGES:
        known = ", ".join(_CHANGES)
        raise TrainingError(f"{change!r} cannot be changed during training; these can: {known}.")
    try:
        return _CHANGES[change](plan, arguments, position)
    except (KeyError, TypeError, ValueError) as error:
        raise TrainingError(f"The change of {change} is invalid: {error}.") from error


def _group_names(plan: Plan, name: str) -> tuple[str, ...]:
    names = tuple(group.name for group in plan.groups)
    if name and name not in names:
        raise TrainingError(f"There is no parameter group called {name!r}.")
    return (name,) if name else names


def _learning_rate(
    plan: Plan, arguments: Mapping[str, Any], _position: RunPosition
) -> tuple[Plan, str]:
    rate = LEARNING_RATE.parse(arguments["learning_rate"])
    names = _group_names(plan, arguments.get("group", ""))
    before = next(group for group in plan.groups if group.name in names).optimiser.learning_rate
    groups = tuple(
        replace(group, optimiser=replace(group.optimiser, learning_rate=rate))
        if group.name in names
        else group
        for group in plan.groups
    )
    return replace(plan, groups=groups), f"learning rate {before:g} → {rate:g}"


def _clipping(plan: Plan, arguments: Mapping[str, Any], _position: RunPosition) -> tuple[Plan, str]:
    mode = arguments["mode"]
    if mode not in CLIPPING:
        raise TrainingError(f"There is no clipping called {mode!r}.")
    clipping = Clipping(mode, CLIPPING_LIMIT.parse(arguments.get("limit", 1.0)))
    names = _group_names(plan, arguments.get("group", ""))
    groups = tuple(
        replace(group, clipping=clipping) if group.name in names else group for group in plan.groups
    )
    text = "off" if mode == "none" else f"{CLIPPING[mode].title.lower()} at {clipping.limit:g}"
    return replace(plan, groups=groups), f"gradient clipping {text}"


def _dropout(plan: Plan, arguments: Mapping[str, Any], _position: RunPosition) -> tuple[Plan, str]:
    p, path = float(arguments["p"]), arguments.get("path", "")
    if not (math.isfinite(p) and 0 <= p <= 1):
        raise TrainingError(f"A dropout probability must be between 0 and 1, not {p:g}.")
    paths = [layer for layer in plan.dropout if not path or is_within(layer, path)]
    if not paths:
        where = f"at {path!r}" if path else "in this network"
        raise TrainingError(f"There is no dropout layer {where}.")
    text = f"dropout of {path or 'all layers'} {plan.dropout[paths[0]]:g} → {p:g}"
    return replace(plan, dropout={**plan.dropout, **dict.fromkeys(paths, p)}), text


def _frozen(plan: Plan, arguments: Mapping[str, Any], _position: RunPosition) -> tuple[Plan, str]:
    path, freeze = arguments["path"], bool(arguments["frozen"])
    paths = frozenset(layer for layer in plan.layers if is_within(layer, path))
    if not paths:
        raise TrainingError(f"There is no layer with weights at {path!r}.")
    frozen = plan.frozen | paths if freeze else plan.frozen - paths
    return replace(plan, frozen=frozen), f"{path} {'frozen' if freeze else 'unfrozen'}"


def _epochs(plan: Plan, arguments: Mapping[str, Any], position: RunPosition) -> tuple[Plan, str]:
    epochs = int(arguments["epochs"])
    done = position.epoch + (1 if position.index else 0)
    if epochs < max(done, 1):
        raise TrainingError(
            f"The run is in epoch {done} already and cannot end after {epochs}. "
            "Choose a larger number."
        )
    text = f"epochs {plan.epochs} → {epochs}"
    if arguments.get("new_span"):
        if epochs == position.epoch:
            raise TrainingError(f"{epochs} epochs are already completed. Choose a larger number.")
        spans = (
            *_truncate_spans(plan, position.epoch),
            EpochSpan(position.epoch, epochs - position.epoch),
        )
        return replace(plan, spans=spans), text
    if epochs > plan.epochs:
        extra_span = EpochSpan(plan.epochs, epochs - plan.epochs)
        return replace(plan, spans=(*plan.spans, extra_span)), text
    return replace(plan, spans=_truncate_spans(plan, epochs)), text


def _truncate_spans(plan: Plan, end: int) -> tuple[EpochSpan, ...]:
    """Return the spans up to an epoch, the last one truncated to end there."""
    return tuple(
        EpochSpan(span.first_epoch, min(span.end_epoch, end) - span.first_epoch)
        for span in plan.spans
        if span.first_epoch < end
    )


def is_within(name: str, path: str) -> bool:
    """Whether a dotted name is the path itself or something inside it."""
    return name == path or name.startswith(f"{path}.")


_CHANGES = {
    "learning_rate": _learning_rate,
    "clipping": _clipping,
    "dropout": _dropout,
    "frozen": _frozen,
    "epochs": _epochs,
}
