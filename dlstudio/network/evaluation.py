"""What one node does with what arrives: its kind, its call, its outputs and its problems.

The answer depends on nothing but the arguments, so it can be kept. Knows no graph.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dlstudio.design.model import Node
from dlstudio.design.problems import Problem, Repair, Severity
from dlstudio.design.report import Cost
from dlstudio.design.signals import DataFacts, Signal
from dlstudio.design.values import one_line
from dlstudio.layers.io import NOISE_SIZE, Input
from dlstudio.layers.kind import Call, Kind, SettingError, Signals
from dlstudio.layers.mistakes import change, error, setting_error
from dlstudio.layers.registry import find, is_guest
from dlstudio.layers.steps import FoldSteps, UnfoldSteps
from dlstudio.network.build import UnknownTargetError
from dlstudio.network.cost import Kept
from dlstudio.network.meta import Arriving, MetaError, MetaRunner, Trial

OUTPUT_PORT = "output"
TAKE_OUT = Repair("Remove it and join its neighbours", "remove", {"rewire": True})


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is known of one node for given inputs.

    Attributes:
        kind: The parsed settings, None where they could not be read.
        call: What to build; None for inputs, outputs and failed nodes.
        outputs: Signal of each output port; for an Output what it passes out of the network.
        problems: With empty `path`, and repairs without `scope` and `node`.
        trial: The run on the meta device, where there is something to run.
    """

    kind: Kind | None = None
    call: Call | None = None
    outputs: Mapping[str, Signal] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    trial: Trial | None = None

    @property
    def failed(self) -> bool:
        """Whether nothing downstream can be known."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def evaluate(
    node: Node,
    signals: Signals,
    learns: tuple[bool, ...],
    *,
    numbers: Mapping[str, int],
    facts: DataFacts,
    runner: MetaRunner,
) -> Evaluation:
    """Read the settings, check the inputs and run the layer on the meta device.

    Args:
        node: The layer as the design holds it.
        signals: By input port; a port that is not wired is missing.
        learns: For each signal in port order, whether a gradient flows back through it.
        numbers: What a `Ref` may name.
        facts: Of the data, for inputs.
        runner: Keeps the modules built so far.
    """
    kind_class = find(node.kind)
    if kind_class is None:
        return Evaluation(problems=(_unknown_kind(node.kind),))
    try:
        kind = kind_class.parse(node.settings, numbers)
        if isinstance(kind, Input):
            return Evaluation(kind, outputs={OUTPUT_PORT: kind.signal(facts)})
        return _checked_and_run(kind, signals, learns, runner)
    except SettingError as raised:
        return Evaluation(problems=(_bad_setting(kind_class, node, raised, facts),))
    except Exception as raised:
        if not is_guest(kind_class):
            raise
        return Evaluation(problems=(_failed(kind_class, raised),))


def _checked_and_run(
    kind: Kind, signals: Signals, learns: tuple[bool, ...], runner: MetaRunner
) -> Evaluation:
    problems = tuple(kind.check(signals))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Evaluation(kind, problems=problems)
    if not kind.outputs:
        return Evaluation(kind, outputs={OUTPUT_PORT: signals["input"][0]}, problems=problems)
    if isinstance(kind, (FoldSteps, UnfoldSteps)):
        return _stepwise(kind, signals, learns, problems)
    call = kind.call(signals)
    meta_inputs = list(_arriving(kind, signals, learns))
    try:
        meta_result = runner.run(call, meta_inputs, frozen=bool(getattr(kind, "frozen", False)))
    except MetaError as raised:
        unknown = isinstance(raised.__cause__, UnknownTargetError)
        problem = _unusable(kind, str(raised)) if unknown else _refused(kind, signals, str(raised))
        return Evaluation(kind, problems=(*problems, problem))
    outputs = {
        port.name: Signal(shape, dtype, kind.meaning(signals, shape))
        for port, shape, dtype in zip(
            kind.outputs, meta_result.shapes, meta_result.dtypes, strict=False
        )
    }
    return Evaluation(kind, call, outputs, problems, meta_result)


def _stepwise(
    kind: FoldSteps | UnfoldSteps,
    signals: Signals,
    learns: tuple[bool, ...],
    problems: tuple[Problem, ...],
) -> Evaluation:
    """Return what moves time into the batch or out of it, which no trial of two samples can do."""
    results = kind.results(signals)
    meta_result = Trial(
        shapes=tuple(signal.shape for signal in results),
        dtypes=tuple(signal.dtype for signal in results),
        learns=(learns[0],) * len(results),
        views=(0,) * len(results),
        cost=Cost(),
        kept=Kept(),
    )
    outputs = {port.name: signal for port, signal in zip(kind.outputs, results, strict=True)}
    return Evaluation(kind, kind.call(signals), outputs, problems, meta_result)


def _arriving(kind: Kind, signals: Signals, learns: tuple[bool, ...]) -> Iterator[Arriving | None]:
    """Yield the module's arguments in port order; None for an optional port without a wire."""
    flags = iter(learns)
    for port in kind.inputs:
        port_signals = signals.get(port.name, ())
        for signal in port_signals:
            yield Arriving(signal.shape, signal.dtype, next(flags))
        if not port_signals and not port.variadic:
            yield None


def _unknown_kind(name: str) -> Problem:
    return error(
        "unknown-kind",
        f"Unknown layer kind {name!r}",
        f"This version of dlstudio has no layer kind called {name!r}. Exchange the layer for "
        "another one, or open the design with the version that wrote it; its settings are kept.",
        (TAKE_OUT,),
        port="",
    )


def _failed(kind: type[Kind], raised: Exception) -> Problem:
    package = kind.__module__.partition(".")[0]
    return error(
        "broken-kind",
        f"{kind.title} failed while it was checked",
        f"{kind.title} comes from the package {package}, and its own check failed: "
        f"{one_line(f'{type(raised).__name__}: {raised}')}. Update the package, or exchange the "
        "layer for another one.",
        (TAKE_OUT,),
        port="",
        details="".join(traceback.format_exception(raised)),
    )


def _unusable(kind: Kind, reason: str) -> Problem:
    package = type(kind).__module__.partition(".")[0]
    return error(
        "broken-kind",
        f"{kind.title} cannot be built",
        f"{kind.title} comes from the package {package}, and the module that it calls cannot be "
        f"used: {one_line(reason)}. A kind may call modules of torch.nn, of dlstudio and of the "
        "package that brings it. Update that package, or exchange the layer for another one.",
        (TAKE_OUT,),
        port="",
        details=reason,
    )


def _bad_setting(kind: type[Kind], node: Node, raised: SettingError, facts: DataFacts) -> Problem:
    name = raised.setting
    declaration = kind.declarations().get(name)
    repairs: tuple[Repair, ...] = ()
    if declaration is not None and name in node.settings:
        repair_title = f"Set {declaration.title} back to {declaration.default!r}"
        repairs = (change(repair_title, **{name: declaration.default}),)
    elif issubclass(kind, Input) and name == "shape":
        repairs = tuple(_served(str(node.settings.get("role", "")), facts))
    title = declaration.title if declaration else name
    return setting_error(f"{title} cannot be used", f"{kind.title}: {raised}.", repairs)


def _served(role: str, facts: DataFacts) -> Iterator[Repair]:
    """Yield what gives an Input a shape: its own for noise, else a role that the data serves."""
    if role == "noise":
        yield change(f"Set the shape to {NOISE_SIZE}", shape=(NOISE_SIZE,))
    elif facts.inputs:
        first = next(iter(facts.inputs))
        yield change(f"Set the role to {first!r}", role=first)


def _refused(kind: Kind, signals: Signals, details: str) -> Problem:
    shapes = ", ".join(signal.text() for group in signals.values() for signal in group)
    return error(
        "refused",
        f"{kind.title} cannot take {shapes}",
        f"{kind.title} cannot work on {shapes} with these settings. Change its settings or "
        "what is wired into it; torch's own words are under the details.",
        port="",
        details=details,
    )
