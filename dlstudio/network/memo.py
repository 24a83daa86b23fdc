"""Remembers what nodes were found to do, so that an edit runs only what it touched."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from dlstudio.design.expand import FlatNode
from dlstudio.design.model import Node
from dlstudio.design.signals import DataFacts, Signal
from dlstudio.design.values import freeze
from dlstudio.network.evaluation import Evaluation, evaluate
from dlstudio.network.meta import MetaRunner

CAPACITY = 50_000

Arrivals = Mapping[str, tuple[tuple[Signal, bool], ...]]
"""By input port: each signal, and whether a gradient flows back through it."""


@dataclass(frozen=True, slots=True)
class _Last:
    node: Node
    numbers: Mapping[str, int]
    arrivals: Arrivals
    facts: Hashable
    evaluation: Evaluation

    def answers(self, flat: FlatNode, arrivals: Arrivals, facts: Hashable) -> bool:
        """Return whether the same was asked; all but the settings of a repeat's node may differ."""
        return (
            self.node.settings is flat.node.settings
            and self.node.kind == flat.node.kind
            and self.facts is facts
            and self.arrivals == arrivals
            and self.numbers == flat.numbers
        )


class Memo:
    """Answers `evaluate` from memory: by path, by settings' identity (repeats), then by value."""

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self.runner = MetaRunner()
        self._last: dict[str, _Last] = {}
        self._twins: dict[int, _Last] = {}
        self._known: OrderedDict[Hashable, Evaluation] = OrderedDict()
        self._facts: tuple[DataFacts, Hashable] | None = None

    def evaluation(self, flat: FlatNode, arrivals: Arrivals, facts: DataFacts) -> Evaluation:
        """Return what a node does with what arrives."""
        facts_key = self._facts_key(facts)
        last = self._last.get(flat.path)
        if last is not None and last.answers(flat, arrivals, facts_key):
            return last.evaluation
        entry = self._twins.get(id(flat.node.settings))
        if entry is None or not entry.answers(flat, arrivals, facts_key):
            evaluation = self._by_value(flat, arrivals, facts, facts_key)
            entry = _Last(flat.node, flat.numbers, arrivals, facts_key, evaluation)
            self._twins[id(flat.node.settings)] = entry
        self._last[flat.path] = entry
        return entry.evaluation

    def forget_all_but(self, paths: Mapping[str, object]) -> None:
        """Let go of paths that are no longer in the design."""
        if len(self._last) > 2 * len(paths):
            self._last = {path: last for path, last in self._last.items() if path in paths}
        if len(self._twins) > 2 * len(paths):
            self._twins = {id(last.node.settings): last for last in self._last.values()}

    def _by_value(
        self, flat: FlatNode, arrivals: Arrivals, facts: DataFacts, facts_key: Hashable
    ) -> Evaluation:
        key = (
            flat.node.kind,
            freeze(flat.node.settings),
            tuple(arrivals.items()),
            freeze(flat.numbers),
            facts_key,
        )
        cached = self._known.get(key)
        if cached is None:
            cached = self._known[key] = self._evaluate(flat, arrivals, facts)
            if len(self._known) > CAPACITY:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return cached

    def _evaluate(self, flat: FlatNode, arrivals: Arrivals, facts: DataFacts) -> Evaluation:
        signals = {port: tuple(s for s, _ in group) for port, group in arrivals.items()}
        requires_grad = tuple(flag for group in arrivals.values() for _, flag in group)
        numbers = {**facts.numbers, **flat.numbers}
        return evaluate(
            flat.node, signals, requires_grad, numbers=numbers, facts=facts, runner=self.runner
        )

    def _facts_key(self, facts: DataFacts) -> Hashable:
        """Return the same object for the same facts, so that it can be compared by identity."""
        if self._facts is None or self._facts[0] is not facts:
            key = (
                tuple(sorted(facts.inputs.items(), key=lambda item: item[0])),
                facts.target,
                freeze(facts.numbers),
            )
            if self._facts is not None and self._facts[1] == key:
                key = self._facts[1]
            self._facts = (facts, key)
        return self._facts[1]
