"""Evaluates one node for given inputs: its kind, its call, its outputs and its problems.

The result depends only on the arguments, so it can be cached. Independent of graphs.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.model.model import Node
from dlstudio.design.model.problems import Problem, Repair, Severity, error
from dlstudio.design.model.report import Cost
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.model.values import one_line
from dlstudio.layers.basic.io import NOISE_SIZE, Input
from dlstudio.layers.dimension_variants import variant_fix
from dlstudio.layers.framework.kind import Call, LayerKind, SettingError, Signals
from dlstudio.layers.framework.layer_problems import change, setting_error
from dlstudio.layers.registry import find, is_plugin
from dlstudio.layers.sequence.time_distributed import FoldSteps, UnfoldSteps
from dlstudio.network.build.build import UnknownTargetError
from dlstudio.network.build.cost import SavedForBackward
from dlstudio.network.check.meta import MetaError, MetaInput, MetaResult, MetaRunner

OUTPUT_PORT = "output"
REMOVE_LAYER = Repair("Remove it and join its neighbours", "remove", {"rewire": True})


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result for one node and given inputs.

    Attributes:
        kind: The parsed settings, None if they are invalid.
        call: What to build; None for inputs, outputs and failed nodes.
        outputs: Signal of each output port; for an Output the signal that leaves the network.
        problems: With empty `path`, and fixes without `scope` and `node`.
        meta_result: The run on the meta device, if there is a module to run.
    """

    kind: LayerKind | None = None
    call: Call | None = None
    outputs: Mapping[str, Signal] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    meta_result: MetaResult | None = None

    @property
    def failed(self) -> bool:
        """Whether downstream nodes cannot be evaluated."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def evaluate(
    node: Node,
    signals: Signals,
    requires_grad: tuple[bool, ...],
    *,
    numbers: Mapping[str, int],
    facts: DatasetInfo,
    runner: MetaRunner,
) -> Evaluation:
    """Parse the settings, check the inputs and run the layer on the meta device.

    Args:
        node: The layer as designed.
        signals: By input port; unconnected ports are absent.
        requires_grad: For each signal in port order, whether a gradient flows back through it.
        numbers: Values of the names that a `Ref` may use.
        facts: Data facts, for inputs.
        runner: Caches the modules built so far.
    """
    kind_class = find(node.kind)
    if kind_class is None:
        return Evaluation(problems=(_unknown_kind_problem(node.kind),))
    try:
        kind = kind_class.parse(node.settings, numbers)
        if isinstance(kind, Input):
            return Evaluation(kind, outputs={OUTPUT_PORT: kind.signal(facts)})
        return _check_and_run(kind, signals, requires_grad, runner)
    except SettingError as raised:
        return Evaluation(problems=(_bad_setting_problem(kind_class, node, raised, facts),))
    except Exception as raised:
        if not is_plugin(kind_class):
            raise
        return Evaluation(problems=(_plugin_failure_problem(kind_class, raised),))


def _check_and_run(
    kind: LayerKind, signals: Signals, requires_grad: tuple[bool, ...], runner: MetaRunner
) -> Evaluation:
    problems = tuple(kind.check(signals))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Evaluation(kind, problems=tuple(_with_variant_fix(kind, signals, problems)))
    if not kind.outputs:
        return Evaluation(kind, outputs={OUTPUT_PORT: signals["input"][0]}, problems=problems)
    if isinstance(kind, (FoldSteps, UnfoldSteps)):
        return _evaluate_fold(kind, signals, requires_grad, problems)
    call = kind.call(signals)
    meta_inputs = list(_meta_inputs(kind, signals, requires_grad))
    try:
        meta_result = runner.run(call, meta_inputs, frozen=bool(getattr(kind, "frozen", False)))
    except MetaError as raised:
        unknown = isinstance(raised.__cause__, UnknownTargetError)
        problem = (
            _unusable_target_problem(kind, str(raised))
            if unknown
            else _torch_refusal_problem(kind, signals, str(raised))
        )
        return Evaluation(kind, problems=(*problems, problem))
    outputs = {
        port.name: Signal(shape, dtype, kind.axes_meaning(signals, shape))
        for port, shape, dtype in zip(
            kind.outputs, meta_result.shapes, meta_result.dtypes, strict=False
        )
    }
    return Evaluation(kind, call, outputs, problems, meta_result)


def _with_variant_fix(
    kind: LayerKind, signals: Signals, problems: Iterable[Problem]
) -> Iterator[Problem]:
    """Yield the problems; for a wrong number of axes the suitable variant is the first fix."""
    for problem in problems:
        fix = variant_fix(kind, signals) if problem.code == "wrong-rank" else None
        yield replace(problem, repairs=(fix, *problem.repairs)) if fix else problem


def _evaluate_fold(
    kind: FoldSteps | UnfoldSteps,
    signals: Signals,
    requires_grad: tuple[bool, ...],
    problems: tuple[Problem, ...],
) -> Evaluation:
    """Return the signals of a folding node, which cannot run on the meta device."""
    results = kind.output_signals(signals)
    meta_result = MetaResult(
        shapes=tuple(signal.shape for signal in results),
        dtypes=tuple(signal.dtype for signal in results),
        requires_grad=(requires_grad[0],) * len(results),
        views=(0,) * len(results),
        cost=Cost(),
        saved_for_backward=SavedForBackward(),
    )
    outputs = {port.name: signal for port, signal in zip(kind.outputs, results, strict=True)}
    return Evaluation(kind, kind.call(signals), outputs, problems, meta_result)


def _meta_inputs(
    kind: LayerKind, signals: Signals, requires_grad: tuple[bool, ...]
) -> Iterator[MetaInput | None]:
    """Yield the module's arguments in port order; None for an unconnected optional port."""
    flags = iter(requires_grad)
    for port in kind.inputs:
        port_signals = signals.get(port.name, ())
        for signal in port_signals:
            yield MetaInput(signal.shape, signal.dtype, next(flags))
        if not port_signals and not port.variadic:
            yield None


def _unknown_kind_problem(name: str) -> Problem:
    return error(
        "unknown-kind",
        f"Unknown layer kind {name!r}",
        f"This version of dlstudio has no layer kind called {name!r}. Replace the layer, or open "
        "the design with the version that wrote it; its settings are kept.",
        REMOVE_LAYER,
        short="unknown kind",
    )


def _plugin_failure_problem(kind: type[LayerKind], raised: Exception) -> Problem:
    package = kind.__module__.partition(".")[0]
    return error(
        "broken-kind",
        f"The check of {kind.title} failed",
        f"{kind.title} comes from the package {package}, and its own check failed: "
        f"{one_line(f'{type(raised).__name__}: {raised}')}. Update the package, or replace the "
        "layer by another one.",
        REMOVE_LAYER,
        details="".join(traceback.format_exception(raised)),
        short="check failed",
    )


def _unusable_target_problem(kind: LayerKind, reason: str) -> Problem:
    package = type(kind).__module__.partition(".")[0]
    return error(
        "broken-kind",
        f"{kind.title} cannot be built",
        f"{kind.title} comes from the package {package}, and its module cannot be used: "
        f"{one_line(reason)}. A kind may use modules of torch.nn, of dlstudio and of its own "
        "package. Update that package, or replace the layer.",
        REMOVE_LAYER,
        details=reason,
        short="cannot be built",
    )


def _bad_setting_problem(
    kind: type[LayerKind], node: Node, raised: SettingError, facts: DatasetInfo
) -> Problem:
    name = raised.setting
    declaration = kind.declarations().get(name)
    repairs: tuple[Repair, ...] = ()
    if declaration is not None and name in node.settings:
        repair_title = f"Reset {declaration.title} to {declaration.default!r}"
        repairs = (change(repair_title, **{name: declaration.default}),)
    elif issubclass(kind, Input) and name == "shape":
        repairs = tuple(_shape_repairs(str(node.settings.get("role", "")), facts))
    title = declaration.title if declaration else name
    return setting_error(
        f"{title} is not valid", f"{kind.title}: {raised}.", repairs, short="invalid setting"
    )


def _shape_repairs(role: str, facts: DatasetInfo) -> Iterator[Repair]:
    """Yield fixes that give an Input a shape: its own for noise, otherwise an available role."""
    if role == "noise":
        yield change(f"Set the shape to {NOISE_SIZE}", shape=(NOISE_SIZE,))
    elif facts.inputs:
        first = next(iter(facts.inputs))
        yield change(f"Set the role to {first!r}", role=first)


def _torch_refusal_problem(kind: LayerKind, signals: Signals, details: str) -> Problem:
    shapes = ", ".join(signal.text() for group in signals.values() for signal in group)
    return error(
        "refused",
        f"{kind.title} cannot take {shapes}",
        f"{kind.title} does not accept {shapes} with these settings. Change its settings or its "
        "inputs; see Details for PyTorch's message.",
        details=details,
        short="input refused",
    )
