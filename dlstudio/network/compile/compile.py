"""Compiles a design to one flat `torch.fx.GraphModule` per connected component.

Every layer is a submodule whose target is its dotted path, so each can be hooked. Knows nothing
about training.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import fx, nn

from dlstudio.design.model.identifiers import is_valid_id
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Severity
from dlstudio.design.model.signals import DatasetInfo, Shape
from dlstudio.network.check.activation_memory import OutputRef
from dlstudio.network.check.inference import Checker, DesignAnalysis
from dlstudio.network.check.sharing import matching_parameters, weight_owner
from dlstudio.network.compile.initialise import build_initialised, path_seed
from dlstudio.network.compile.ownership import set_frozen
from dlstudio.network.compile.subgraph import Subgraph, connected_subgraphs, select_subgraph


class CompileError(Exception):
    """The design cannot be compiled; the message names the layer and the reason."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Describes one argument or result of a component; `shape` is that of one sample."""

    path: str
    role: str = ""
    port: str = "output"
    shape: Shape = ()


@dataclass(frozen=True, slots=True)
class Component:
    """A connected network.

    Attributes:
        module: Called with one tensor per input, in order; returns a tensor if there is one
            output, otherwise a tuple.
        frozen: Targets of layers that are not trained. Their parameters require no gradient;
            keeping their norms in evaluation mode is up to the training loop.
    """

    module: fx.GraphModule
    inputs: tuple[Binding, ...]
    outputs: tuple[Binding, ...]
    frozen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Compiled:
    """All components of a design, in the order of their first node.

    Attributes:
        module: Contains the layers of all components under their dotted paths; not callable.
        ties: Name of the owner's parameter by the name of one that a layer takes from another.
    """

    components: tuple[Component, ...]
    module: nn.Module
    ties: Mapping[str, str] = field(default_factory=dict)

    def component_with_output(self, role: str) -> Component | None:
        """Return the first network with an Output of this role, None if there is none."""
        return next((c for c in self.components if any(o.role == role for o in c.outputs)), None)

    def component_with_input(self, role: str) -> Component | None:
        """Return the first network with an Input of this role, None if there is none."""
        return next((c for c in self.components if any(i.role == role for i in c.inputs)), None)

    @property
    def single(self) -> Component:
        """The only component.

        Raises:
            CompileError: There are several.
        """
        if len(self.components) != 1:
            raise CompileError(
                f"The design contains {len(self.components)} separate networks, but one is needed "
                "here. Connect them or remove the others."
            )
        return self.components[0]


def compile_design(
    project: Project,
    facts: DatasetInfo,
    *,
    seed: int | None = None,
    device: str | torch.device = "cpu",
    inputs: Sequence[str] = (),
    outputs: Sequence[str] = (),
    checker: Checker | None = None,
) -> Compiled:
    """Build the modules of a design, or of a part of it, with new initial weights.

    Args:
        project: The design; it is not changed.
        facts: Facts of its data.
        device: Device of the weights; they are initialised on the CPU.
        seed: Seed of the initial weights; None uses the design's.
        inputs: Paths whose output is an argument instead of computed; the design's own inputs
            are added if still needed.
        outputs: Paths whose output is returned; empty means the design's outputs.
        checker: A checker that may have cached the design.

    Raises:
        CompileError: The design, or the requested part, has an error.
    """
    analysis = (checker or Checker()).analyse(project, facts)
    is_whole = not inputs and not outputs
    _check_errors(analysis, (*inputs, *outputs), is_whole)
    subgraph = select_subgraph(analysis, inputs, outputs)
    _check_inferred(analysis, subgraph)
    builder = _ModuleBuilder(analysis, project.training.seed if seed is None else seed)
    components = tuple(
        _build_component(analysis, connected, builder, device)
        for connected in connected_subgraphs(analysis, subgraph)
    )
    module = components[0].module if len(components) == 1 else _module_tree(builder.modules)
    ties = {name: owner.name for name, owner in builder.ties.items() if owner.layer in builder.used}
    for component in components:
        set_frozen(module, component.frozen, component.frozen, ties)
    return Compiled(components, module, ties)


def _module_tree(modules: Mapping[str, nn.Module]) -> nn.Module:
    """Return a module that contains others under dotted names."""
    root = nn.Module()
    for path, module in modules.items():
        *owners, leaf = path.split(".")
        parent = root
        for owner in owners:
            if not hasattr(parent, owner):
                parent.add_module(owner, nn.Module())
            parent = parent.get_submodule(owner)
        parent.add_module(leaf, module)
    return root


def _check_errors(analysis: DesignAnalysis, requested: Sequence[str], is_whole: bool) -> None:
    for path in analysis.expanded.nodes:
        if not all(segment.isdigit() or is_valid_id(segment) for segment in path.split(".")):
            raise CompileError(f"{path!r} is not a valid layer name.")
    for path in requested:
        if path not in analysis.expanded.nodes:
            raise CompileError(f"There is no layer {path!r} in this design.")
    errors = [problem for problem in analysis.report.problems if problem.severity is Severity.ERROR]
    if is_whole and errors:
        first = errors[0]
        where = f"{first.path}: " if first.path else ""
        raise CompileError(f"{where}{first.text}")


def _check_inferred(analysis: DesignAnalysis, subgraph: Subgraph) -> None:
    if not subgraph.outputs:
        raise CompileError("The design has no output. Add an Output and wire the last layer to it.")
    for path in subgraph.order:
        evaluation = analysis.evaluations.get(path)
        if evaluation is None or evaluation.failed:
            reason = evaluation.problems[0].text if evaluation else "it cannot be reached yet."
            raise CompileError(f"{path}: {reason}")


@dataclass(frozen=True, slots=True)
class _Owner:
    """The layer and the name of a parameter that others share."""

    layer: str
    name: str


@dataclass(slots=True)
class _ModuleBuilder:
    """Builds each submodule once, including shared ones."""

    analysis: DesignAnalysis
    seed: int
    modules: dict[str, nn.Module] = field(default_factory=dict)
    ties: dict[str, _Owner] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """Targets that the network calls."""

    def target(self, path: str) -> str:
        """Return the path whose submodule a node calls: its own, or that of its weights' owner."""
        owner = weight_owner(self.analysis.expanded.nodes, path) or path
        own, other = self.analysis.evaluations[path], self.analysis.evaluations.get(owner)
        return owner if other is not None and other.call == own.call else path

    def module(self, target: str) -> nn.Module:
        """Return the submodule at a target."""
        if target not in self.modules:
            evaluation = self.analysis.evaluations.get(target)
            if evaluation is None or evaluation.call is None:
                raise CompileError(f"{target}: there is no module to build here.")
            initialisation = getattr(evaluation.kind, "initialisation", "default")
            module = build_initialised(
                evaluation.call, initialisation, path_seed(self.seed, target)
            )
            self.modules[target] = module
            self._tie(target, module)
        return self.modules[target]

    def _tie(self, target: str, module: nn.Module) -> None:
        owner_path = weight_owner(self.analysis.expanded.nodes, target) or target
        if owner_path == target:
            return
        source = self.module(owner_path)
        for name in matching_parameters(module, source):
            owner, _, leaf = name.rpartition(".")
            setattr(module.get_submodule(owner), leaf, source.get_parameter(name))
            self.ties[f"{target}.{name}"] = _Owner(owner_path, f"{owner_path}.{name}")

    def is_frozen(self, target: str) -> bool:
        """Whether the layer at a target is frozen."""
        return bool(getattr(self.analysis.evaluations[target].kind, "frozen", False))


def _build_component(
    analysis: DesignAnalysis,
    subgraph: Subgraph,
    builder: _ModuleBuilder,
    device: str | torch.device,
) -> Component:
    graph, targets = _build_graph(analysis, subgraph, builder)
    module = fx.GraphModule({target: builder.module(target) for target in targets}, graph)
    graph.lint()
    frozen = frozenset(target for target in targets if builder.is_frozen(target))
    return Component(
        module.to(device),
        tuple(
            _binding(analysis, path, port) for path, port in _external_outputs(analysis, subgraph)
        ),
        tuple(_binding(analysis, path, _first_port(analysis, path)) for path in subgraph.outputs),
        frozen,
    )


def _build_graph(
    analysis: DesignAnalysis, subgraph: Subgraph, builder: _ModuleBuilder
) -> tuple[fx.Graph, list[str]]:
    graph = fx.Graph()
    values: dict[OutputRef, fx.Node] = {}
    targets: dict[str, None] = {}
    for path, port in _external_outputs(analysis, subgraph):
        values[path, port] = graph.placeholder(path.replace(".", "_"))
    for path in subgraph.order:
        if path in subgraph.inputs:
            continue
        evaluation = analysis.evaluations[path]
        arguments = tuple(_arguments(analysis, path, values))
        if evaluation.call is None:
            values.update(
                ((path, "output"), argument) for argument in arguments if argument is not None
            )
            continue
        target = builder.target(path)
        targets[target] = None
        builder.used.add(target)
        result = graph.call_module(target, arguments)
        values.update(_results(graph, path, evaluation.outputs, result))
    results = tuple(values[path, _first_port(analysis, path)] for path in subgraph.outputs)
    graph.output(results[0] if len(results) == 1 else results)
    return graph, list(targets)


def _arguments(
    analysis: DesignAnalysis, path: str, values: Mapping[OutputRef, fx.Node]
) -> Iterator[fx.Node | None]:
    kind = analysis.evaluations[path].kind
    for port in kind.inputs if kind else ():
        wires = analysis.topology.wires(path, port.name)
        for wire in wires:
            yield values[wire.source, wire.source_port]
        if not wires and not port.variadic:
            yield None


def _results(
    graph: fx.Graph, path: str, ports: Sequence[str] | Mapping[str, object], result: fx.Node
) -> Iterator[tuple[OutputRef, fx.Node]]:
    if len(ports) == 1:
        yield (path, next(iter(ports))), result
        return
    for index, port in enumerate(ports):
        yield (path, port), graph.call_function(operator.getitem, (result, index))


def _external_outputs(analysis: DesignAnalysis, subgraph: Subgraph) -> list[OutputRef]:
    """Return the placeholders for values from outside, at least one for each input."""
    used = {
        (wire.source, wire.source_port)
        for path in subgraph.order
        if path not in subgraph.inputs
        for wires in analysis.topology.incoming.get(path, {}).values()
        for wire in wires
    }
    refs: list[OutputRef] = []
    for path in subgraph.inputs:
        ports = [port for port in analysis.evaluations[path].outputs if (path, port) in used]
        refs.extend((path, port) for port in ports or [_first_port(analysis, path)])
    return refs


def _first_port(analysis: DesignAnalysis, path: str) -> str:
    return next(iter(analysis.evaluations[path].outputs))


def _binding(analysis: DesignAnalysis, path: str, port: str) -> Binding:
    evaluation = analysis.evaluations[path]
    role = str(getattr(evaluation.kind, "role", ""))
    return Binding(path, role, port, evaluation.outputs[port].shape)
