"""Caches evaluations of nodes, so that an edit only runs the nodes that it affects."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from dlstudio.design.model.model import Node
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.model.values import freeze
from dlstudio.design.structure.expand import FlatNode
from dlstudio.network.check.evaluation import Evaluation, evaluate
from dlstudio.network.check.meta import MetaRunner

CAPACITY = 50_000

InputSignals = Mapping[str, tuple[tuple[Signal, bool], ...]]
"""By input port: each signal, and whether a gradient flows back through it."""


@dataclass(frozen=True, slots=True)
class _CacheEntry:
    node: Node
    numbers: Mapping[str, int]
    input_signals: InputSignals
    facts: Hashable
    evaluation: Evaluation

    def matches(self, flat: FlatNode, input_signals: InputSignals, facts: Hashable) -> bool:
        """Return whether two requests are equal; settings are compared by value."""
        return (
            self.node.settings is flat.node.settings
            and self.node.kind == flat.node.kind
            and self.facts is facts
            and self.input_signals == input_signals
            and self.numbers == flat.parameter_values
        )


class EvaluationCache:
    """Looks evaluations up by path, then by identity of the settings (repeats), then by value."""

    def __init__(self) -> None:
        self.runner = MetaRunner()
        self._by_path: dict[str, _CacheEntry] = {}
        self._by_settings: dict[int, _CacheEntry] = {}
        self._by_key: OrderedDict[Hashable, Evaluation] = OrderedDict()
        self._facts: tuple[DatasetInfo, Hashable] | None = None

    def lookup(self, flat: FlatNode, input_signals: InputSignals, facts: DatasetInfo) -> Evaluation:
        """Return the evaluation of a node for these inputs."""
        facts_key = self._facts_key(facts)
        last = self._by_path.get(flat.path)
        if last is not None and last.matches(flat, input_signals, facts_key):
            return last.evaluation
        entry = self._by_settings.get(id(flat.node.settings))
        if entry is None or not entry.matches(flat, input_signals, facts_key):
            evaluation = self._lookup_by_value(flat, input_signals, facts, facts_key)
            entry = _CacheEntry(
                flat.node, flat.parameter_values, input_signals, facts_key, evaluation
            )
            self._by_settings[id(flat.node.settings)] = entry
        self._by_path[flat.path] = entry
        return entry.evaluation

    def keep_only(self, paths: Mapping[str, object]) -> None:
        """Drop paths that are no longer in the design."""
        if len(self._by_path) > 2 * len(paths):
            self._by_path = {path: last for path, last in self._by_path.items() if path in paths}
        if len(self._by_settings) > 2 * len(paths):
            self._by_settings = {id(last.node.settings): last for last in self._by_path.values()}

    def _lookup_by_value(
        self, flat: FlatNode, input_signals: InputSignals, facts: DatasetInfo, facts_key: Hashable
    ) -> Evaluation:
        key = (
            flat.node.kind,
            freeze(flat.node.settings),
            tuple(input_signals.items()),
            freeze(flat.parameter_values),
            facts_key,
        )
        cached = self._by_key.get(key)
        if cached is None:
            cached = self._by_key[key] = self._evaluate(flat, input_signals, facts)
            if len(self._by_key) > CAPACITY:
                self._by_key.popitem(last=False)
        else:
            self._by_key.move_to_end(key)
        return cached

    def _evaluate(
        self, flat: FlatNode, input_signals: InputSignals, facts: DatasetInfo
    ) -> Evaluation:
        signals = {port: tuple(s for s, _ in group) for port, group in input_signals.items()}
        requires_grad = tuple(flag for group in input_signals.values() for _, flag in group)
        numbers = {**facts.numbers, **flat.parameter_values}
        return evaluate(
            flat.node, signals, requires_grad, numbers=numbers, facts=facts, runner=self.runner
        )

    def _facts_key(self, facts: DatasetInfo) -> Hashable:
        """Return the same object for equal facts, so that they can be compared by identity."""
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
