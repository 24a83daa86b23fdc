"""Rules of adversarial training and diffusion: Inputs, Outputs, groups, labels and shapes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dlstudio.design.model.problems import Problem, Repair, error, incomplete, warning
from dlstudio.design.model.short_texts import compact, unequal
from dlstudio.design.model.training_settings import ParameterGroup, Schedule
from dlstudio.design.model.values import Ref
from dlstudio.layers.basic.io import NOISE_SIZE
from dlstudio.network.compile.subgraph import Subgraph, connected_subgraphs, select_subgraph
from dlstudio.training.optim.group_optimiser import matches
from dlstudio.training.readiness.core.check_context import CheckContext, change_training
from dlstudio.training.readiness.core.fix_snippets import add_time_input, example_fix
from dlstudio.training.readiness.core.last_layer import resize_fix
from dlstudio.training.readiness.core.roles import output_path, task_spec
from dlstudio.training.readiness.rules.reconstruction_shape import sample_shape_problems

DEFAULT_LABEL_DROPOUT = 0.1
"""Share of the classes that Ho and Salimans 2022 drop."""
_ROW_LAYERS = frozenset({"flatten", "linear", "reshape"})


@dataclass(frozen=True, slots=True)
class _Network:
    """A connected network, with the paths of its Inputs and Outputs by role."""

    subgraph: Subgraph
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


def adversarial_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield the problems of a generator and a discriminator."""
    networks = list(_networks(context))
    if len(networks) == 2 and _has_all_outputs(context, networks):
        for role, input_role in (("generated sample", "noise"), ("realness", "samples")):
            network = next(network for network in networks if role in network.outputs)
            if input_role not in network.inputs:
                yield _missing_input(context, network, role, input_role)
        yield from _group_problems(context, networks)
    yield from sample_shape_problems(
        context, "generated sample", "generated-shape", "It must look like a sample of the data"
    )
    yield from _realness_problems(context)
    yield from _critic_problems(context)


def monitor_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield features that monitor the validation loss, which is meaningless for a GAN."""
    training = context.project.training
    text = (
        "The losses of adversarial training do not measure the quality of the samples, so early "
        "stopping and plateau schedules cannot monitor them. "
        "Judge the samples, and stop the run when they are good enough."
    )
    if training.early_stopping.enabled:
        yield error(
            "not-judged",
            "Early stopping has nothing to monitor",
            text,
            change_training("Switch early stopping off", **{"early_stopping.enabled": False}),
        )
    if any(group.schedule.name == "plateau" for group in training.groups):
        groups = tuple(
            replace(group, schedule=Schedule()) if group.schedule.name == "plateau" else group
            for group in training.groups
        )
        yield error(
            "not-judged",
            "The plateau schedule has nothing to monitor",
            text,
            change_training("Keep the learning rate constant", groups=groups),
        )


def diffusion_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield the problems of a network that predicts noise."""
    roles = {str(context.setting(path, "role")) for path in context.paths("input")}
    for role in ("samples", "time step") if context.paths("output") else ():
        if role not in roles:
            repairs = (
                list(add_time_input(context)) if role == "time step" else [_add_input_fix(role)]
            )
            yield incomplete(
                "missing-input-role",
                f"No Input for: {role}",
                f"{task_spec(context).title} needs an Input with the role {role!r}: the network "
                "receives a noisy sample and its time step. Add one and connect it.",
                *repairs,
                *example_fix(context),
            )
    yield from sample_shape_problems(
        context, "predicted noise", "noise-shape", "Each number of a sample has its own noise"
    )
    steps = _task_setting(context, "steps")
    yield from _table_problems(context, "time step", steps, steps, "time steps")
    yield from _guidance_problems(context, labelled="labels" in roles)


def _guidance_problems(context: CheckContext, *, labelled: bool) -> Iterator[Problem]:
    """Yield settings without effect: both need classes, and guidance needs label dropout."""
    settings = context.project.training.task_settings
    dropout, guidance = _task_setting(context, "label_dropout"), _task_setting(context, "guidance")

    def setting(title: str, **changes: float) -> Repair:
        return change_training(title, task_settings={**settings, **changes})

    if dropout and not labelled:
        yield warning(
            "idle-setting",
            "Label dropout has no effect",
            "Label dropout hides the class of some samples, but this network receives no class: "
            "it has no Input with the role 'labels'. Add one, or set label dropout to 0.",
            setting("Switch label dropout off", label_dropout=0.0, guidance=0.0),
        )
    elif guidance and not dropout:
        switch_off = setting("Switch guidance off", guidance=0.0)
        title = f"Hide {DEFAULT_LABEL_DROPOUT:.0%} of the classes"
        yield warning(
            "idle-setting",
            "Guidance has no effect",
            "Guidance compares the predictions with and without the class, but this network is "
            "never trained without it. Set label dropout above 0"
            f"{'' if labelled else ' and add an Input for labels'}, or guidance to 0.",
            *(
                [setting(title, label_dropout=DEFAULT_LABEL_DROPOUT), switch_off]
                if labelled
                else [switch_off]
            ),
        )


def label_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield Inputs for labels that the data lacks, and Embeddings too small for them."""
    paths = [path for path in context.paths("input") if _role(context, path) == "labels"]
    target = context.facts.target
    if paths and context.facts.inputs and (target is None or target.dtype != "int64"):
        yield error(
            "no-labels",
            "The data has no classes",
            "This Input takes the class of a sample as a condition, but the data has no classes. "
            "Remove it, or choose data with classes.",
            Repair("Remove this Input", "remove", {"rewire": False}),
            path=paths[0],
            short="no classes",
        )
        return
    classes = context.facts.numbers.get("classes", 0)
    has_none_class = bool(_task_setting(context, "label_dropout"))
    entries = classes + 1 if has_none_class else Ref("classes")
    what = "classes and no class" if has_none_class else "classes"
    yield from _table_problems(context, "labels", classes + has_none_class, entries, what)


def _table_problems(
    context: CheckContext, role: str, count: int, entries: int | Ref, what: str
) -> Iterator[Problem]:
    """Yield each Embedding directly after an Input of this role with too few entries."""
    for path in context.paths("embedding"):
        before = next(context.upstream(path), "")
        size = context.setting(path, "num_embeddings")
        if _role(context, before) != role or not isinstance(size, int) or size >= count:
            continue
        yield error(
            "table-size",
            f"The Embedding has {size} entries, but needs {count}",
            f"This Embedding looks up {what}, and there are {count} of them. "
            f"Set it to {count} entries.",
            Repair(
                f"Set it to {count} entries",
                "set_settings",
                {"changes": {"num_embeddings": entries}},
            ),
            path=path,
            short=f"{compact(size)} < {compact(count)}",
        )


def _networks(context: CheckContext) -> Iterator[_Network]:
    selected = select_subgraph(context.analysis, (), ())
    for subgraph in connected_subgraphs(context.analysis, selected):
        yield _Network(
            subgraph, _by_role(context, subgraph.inputs), _by_role(context, subgraph.outputs)
        )


def _by_role(context: CheckContext, paths: tuple[str, ...]) -> dict[str, str]:
    return {_role(context, path): path for path in paths}


def _role(context: CheckContext, path: str) -> str:
    nodes = context.analysis.expanded.nodes
    return str(context.setting(path, "role")) if path in nodes else ""


def _has_all_outputs(context: CheckContext, networks: list[_Network]) -> bool:
    """Whether each Output that the task reads exists, in its own network."""
    roles = task_spec(context).outputs
    return all(
        sum(role in network.outputs for network in networks) == 1 for role in roles
    ) and not any(set(roles) <= network.outputs.keys() for network in networks)


def _add_input_fix(role: str) -> Repair:
    arguments = {"kind": "input", "settings": {"role": role}}
    return Repair(f"Add an Input for: {role}", "add_node", arguments)


def _missing_input(
    context: CheckContext, network: _Network, role: str, required_role: str
) -> Problem:
    path = next(
        (input_path for input_role, input_path in network.inputs.items() if input_role != "labels"),
        "",
    )
    shape = _noise_shape(context, path) if required_role == "noise" else None
    changes = {"role": required_role, "shape": shape}
    repair = Repair(f"Set the role to {required_role!r}", "set_settings", {"changes": changes})
    return (error if path else incomplete)(
        "missing-input-role",
        f"No Input {required_role} in the network for: {role}",
        f"{task_spec(context).title} needs two networks: one from an Input 'noise' to an Output "
        "'generated sample', and one from an Input 'samples' to an Output 'realness'. "
        f"Add an Input with the role {required_role!r} to the network of this Output.",
        *([repair] if path else []),
        path=path or network.outputs[role],
        short=f"needs {required_role}",
    )


def _noise_shape(context: CheckContext, path: str) -> tuple[int, ...]:
    """Return the shape of a noise vector, or that of a sample if a layer needs more axes."""
    samples = context.facts.inputs.get("samples")
    edges = context.analysis.expanded.edges
    kinds = {context.kind(edge.target) for edge in edges if edge.source == path}
    if samples is None or kinds <= _ROW_LAYERS:
        return (NOISE_SIZE,)
    return samples.shape


def _group_problems(context: CheckContext, networks: list[_Network]) -> Iterator[Problem]:
    groups = context.project.training.groups
    group_sets = [_groups_of(context, network, groups) for network in networks]
    weighted = [
        groups_of_network for groups_of_network in group_sets if groups_of_network is not None
    ]
    if len(weighted) < len(networks) or (all(weighted) and not set.intersection(*weighted)):
        return
    required = task_spec(context).groups
    names = " and ".join(group.name for group in required)
    yield error(
        "groups",
        "The networks share parameter groups",
        "Generator and discriminator are trained in separate phases of a step, so each needs its "
        "own parameter groups, selected by the role of its Output.",
        change_training(f"Create the groups {names}", groups=required),
    )


def _groups_of(
    context: CheckContext, network: _Network, groups: tuple[ParameterGroup, ...]
) -> set[int] | None:
    """Return the indices of the groups of a network's weights; None for one without weights."""
    roles = {*network.inputs, *network.outputs}
    nodes = context.analysis.report.nodes
    weighted = [
        path for path in network.subgraph.order if path in nodes and nodes[path].cost.parameters
    ]
    numbers = set()
    if not weighted:
        return None
    for path in weighted:
        candidates = (
            number for number, group in enumerate(groups) if matches(group.selector, path, roles)
        )
        numbers.add(next(candidates, -1))
    return numbers - {-1}


def _realness_problems(context: CheckContext) -> Iterator[Problem]:
    path = output_path(context, "realness")
    signal = context.input_signal(path) if path else None
    if signal is None or math.prod(signal.shape) == 1:
        return
    repair = resize_fix(context, path, 1, 1)
    if len(signal.shape) != 1:
        arguments = {"port": "input", "slot": 0, "kind": "flatten", "settings": {}}
        repair = Repair("Insert Flatten before the Output", "insert_before", arguments)
    yield error(
        "realness-size",
        f"Realness must be one number, not {signal.text()}",
        f"The discriminator scores each sample with one number, but its output is "
        f"{signal.text()}. Flatten it if needed, and end with a Linear layer with one output.",
        repair,
        path=path,
        short=unequal(signal.shape, (1,)),
    )


def _critic_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a Sigmoid before a loss of raw scores, and norms that break the gradient penalty."""
    training, path = context.project.training, output_path(context, "realness")
    if not path:
        return
    chain = list(context.upstream(path))
    if training.loss != "least-squares" and chain and context.kind(chain[0]) == "sigmoid":
        yield warning(
            "sigmoid-before-raw-loss",
            "Sigmoid before a loss of raw scores",
            "This loss takes raw scores; with a Sigmoid the gradients vanish and the generator "
            "hardly trains. Remove the Sigmoid.",
            Repair("Remove the Sigmoid and reconnect", "remove", {"rewire": True}),
            path=chain[0],
            short="drop the Sigmoid",
        )
    if training.loss == "wasserstein":
        for layer in chain:
            if context.kind(layer).startswith("batch_norm"):
                yield warning(
                    "norm-under-penalty",
                    "BatchNorm in a critic",
                    "The penalty needs the gradient of each sample separately, but BatchNorm "
                    "mixes the samples of a batch (Gulrajani et al. 2017). Remove it, or use "
                    "LayerNorm.",
                    Repair("Remove it and reconnect", "remove", {"rewire": True}),
                    path=layer,
                    short="mixes samples",
                )


def _task_setting(context: CheckContext, name: str) -> int:
    """Return a setting of the task, its default if invalid, or 0 if it does not exist."""
    task, settings = task_spec(context), context.project.training.task_settings
    if name not in task.settings:
        return 0
    declared = task.settings[name]
    try:
        value: float = declared.parse(settings.get(name, declared.default))
    except ValueError:
        value = declared.default
    return math.ceil(value)
