"""Prepares a run: device, data, network, optimisers and folder; or restores one to resume it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from dlstudio.data.core.batches import Batch, Batches
from dlstudio.data.core.dataset import DataSet
from dlstudio.data.core.paired_views import PairedViewBatches
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import TrainingSettings, chosen, with_epochs
from dlstudio.network.compile.compile import Compiled, compile_design
from dlstudio.network.compile.dropout import dropout_probability
from dlstudio.network.compile.ownership import own_parameters
from dlstudio.network.weights.weights import load_weights
from dlstudio.training.loop.data_loading import load_with_progress
from dlstudio.training.loop.run_start import PreparedRun, open_run, require_run
from dlstudio.training.metrics.metric_names import metric_title
from dlstudio.training.optim.group_optimiser import assign_parameters, build_group_optimisers
from dlstudio.training.optim.schedules import EpochSpan
from dlstudio.training.options.class_balance import weighted_names, weights_text
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import FITTING_WEIGHTS, ProgressUpdate, RunOptions
from dlstudio.training.readiness.check import require_trainable
from dlstudio.training.specs.automatic import resolve
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.step.changing_parts import ChangingParts, monitored_metric
from dlstudio.training.step.devices import Precision, choose_device, core_count
from dlstudio.training.step.evaluate import BATCH_SIZE
from dlstudio.training.step.loop_state import LoopState, Plateau
from dlstudio.training.step.plan import Plan, is_within
from dlstudio.training.step.trainer import Trainer, TrainingContext
from dlstudio.training.storage import runs
from dlstudio.training.storage.json_files import read_json
from dlstudio.training.storage.weights_origin import (
    WeightsOrigin,
    leak_text,
    leaking_subsets,
    read_origin,
    used_split,
    weights_fingerprint,
)
from dlstudio.training.tasks.core.class_weights import class_weights, count_classes
from dlstudio.training.tasks.core.objective import Objective
from dlstudio.training.tasks.registry import create_objective


def effective_project(project: Project, options: RunOptions) -> Project:
    """Return the project to train: for a resumed run, the one stored in its folder.

    Raises:
        FileError: The stored project cannot be read.
        TrainingError: There is nothing to resume in the folder.
    """
    if options.resume and options.run_dir:
        require_run(Path(options.run_dir))
        stored = load(Path(options.run_dir) / runs.PROJECT)
        device = options.device or stored.training.device
        return replace(stored, training=replace(stored.training, device=device))
    overrides = {"seed": options.seed, "device": options.device or None}
    changes = {name: value for name, value in overrides.items() if value is not None}
    training = replace(project.training, **changes)  # type: ignore[arg-type]
    if options.epochs is not None:
        training = with_epochs(training, options.epochs)
    return replace(project, training=training)


def thread_count(options: RunOptions) -> int:
    """Return the number of threads: from the options, from a resumed run, else all cores."""
    if options.threads:
        return options.threads
    if options.resume and options.run_dir:
        stored = read_json(Path(options.run_dir) / runs.ENVIRONMENT)
        if stored is not None and isinstance(stored.get("threads"), int):
            return int(stored["threads"])
    return core_count()


def prepare(
    project: Project, options: RunOptions, control: Control | None, threads: int
) -> Generator[ProgressUpdate, None, PreparedRun]:
    """Yield progress and return the run; `project` is that of `effective_project`.

    Raises:
        TrainingError, DataError, CompileError, WeightsError, OSError: The run cannot start.
    """
    data = yield from load_with_progress(project.data, options, control)
    return open_run(create_trainer(project, data, options, threads), options)


def create_trainer(project: Project, data: DataSet, options: RunOptions, threads: int) -> Trainer:
    """Return a trainer at step 0.

    Raises:
        TrainingError, DataError, CompileError, WeightsError: The design cannot be trained.
    """
    project = replace(project, training=resolve(project.training, data.facts))
    report = require_trainable(project, data.facts)
    device, device_warnings = choose_device(project.training.device)
    compiled = compile_design(project, data.facts, seed=project.training.seed, device=device)
    plan = initial_plan(project.training, compiled)

    def objective_of(training: TrainingSettings) -> Objective:
        return _create_objective(training, compiled, data, device)

    def batches_of(size: int) -> Batches:
        return _training_batches(project, data, device, size)

    objective = objective_of(project.training)
    initial = initial_weights_file(options)
    split = used_split(project.data, options.design_dir)
    origin = read_origin(Path(initial)) if initial else WeightsOrigin()
    leaks = leaking_subsets(origin, split, data.subsets, data.own_subsets)
    warnings = (
        *([leak_text(leaks)] if leaks else []),
        *device_warnings,
        *_monitor_notes(project.training, objective, device),
        *data.messages,
        *_weight_notes(objective.class_weights, data),
        *_load_initial_weights(compiled.module, initial),
    )
    context = TrainingContext(
        project=project,
        compiled=compiled,
        data=data,
        device=device,
        threads=threads,
        optimisers=build_group_optimisers(compiled, project.training.groups, device),
        evaluation_batches=dict(_evaluation_batches(project, data, device)),
        precision=Precision(device, project.training.mixed_precision),
        warnings=warnings,
        origin=origin.after_run(weights_fingerprint(project, report), split),
        leaks=leaks,
        subgroups=dict(_subgroup_batches(data, device)),
    )
    batches = batches_of(chosen(project.training.batch_size))
    parts = ChangingParts(objective, batches, project.training, objective_of, batches_of)
    _dry_run(context, parts)
    plateaus = [Plateau() for _ in plan.groups]
    return Trainer(context, parts, plan, LoopState(plateaus=plateaus))


def _create_objective(
    training: TrainingSettings, compiled: Compiled, data: DataSet, device: torch.device
) -> Objective:
    """Return the task with what it needs to know about the training data."""
    objective = create_objective(training, compiled)
    if data.target_scale is not None:
        objective.target_scale = data.target_scale.to(device)
    counts = count_classes(data.train.target, data.facts.numbers.get("classes", 0))
    objective.class_counts = None if counts is None else counts.to(device)
    weights = class_weights(training, data.train.target, data.facts)
    objective.class_weights = None if weights is None else weights.to(device)
    return objective


def initial_plan(training: TrainingSettings, compiled: Compiled) -> Plan:
    """Return the plan at step 0."""
    module = compiled.module
    targets = dict.fromkeys(
        str(node.target)
        for component in compiled.components
        for node in component.module.graph.nodes
        if node.op == "call_module"
    )
    layers = tuple(layer for layer in targets if _has_state(module.get_submodule(layer)))
    frozen = {
        layer
        for component in compiled.components
        for layer in component.frozen.intersection(layers)
    }
    names = {
        id(parameter): compiled.ties.get(name, name)
        for name, parameter in module.named_parameters()
    }
    members = assign_parameters(compiled, training.groups)
    group_frozen = {
        names[id(parameter)]
        for group, parameters in zip(training.groups, members, strict=True)
        for parameter in parameters
        if group.frozen
    }
    for layer in layers:
        own = {name for name, _ in own_parameters(module, layer, compiled.ties)}
        if own and own <= group_frozen:
            frozen.add(layer)
    rest = {name for name in group_frozen if not any(is_within(name, path) for path in frozen)}
    probabilities = {layer: dropout_probability(module.get_submodule(layer)) for layer in targets}
    dropout = {
        layer: probability
        for layer, probability in probabilities.items()
        if probability is not None
    }
    spans = (EpochSpan(0, chosen(training.epochs)),)
    return Plan(
        training, spans, dropout, layers, frozenset(frozen), frozen_parameters=frozenset(rest)
    )


def _has_state(layer: nn.Module) -> bool:
    return any(True for _ in layer.parameters()) or any(True for _ in layer.buffers())


def _training_batches(project: Project, data: DataSet, device: torch.device, size: int) -> Batches:
    kind = PairedViewBatches if _uses_views(project) else Batches
    return kind(data.train, size, device, data.normaliser, project.data.augmentation)


def _uses_views(project: Project) -> bool:
    return TASKS[project.training.task].views > 1


def _evaluation_batches(
    project: Project, data: DataSet, device: torch.device
) -> Iterator[tuple[str, Batches]]:
    batch_size = chosen(project.training.batch_size)
    size = max(BATCH_SIZE, batch_size)
    augmentation = project.data.augmentation
    for name, subset in (("validation", data.validation), ("test", data.test)):
        if subset is not None and _uses_views(project):
            yield (
                name,
                PairedViewBatches(
                    subset, batch_size, device, data.normaliser, augmentation, keep_single=True
                ),
            )
        elif subset is not None:
            yield name, Batches(subset, size, device, data.normaliser, keep_single=True)


def _subgroup_batches(
    data: DataSet, device: torch.device
) -> Iterator[tuple[str, dict[str, Batches]]]:
    """Yield, for each evaluated subset, the batches of its subgroups that have samples."""
    for name, subset in (("validation", data.validation), ("test", data.test)):
        if subset is not None:
            rows = {group: mask.nonzero()[:, 0] for group, mask in subset.subgroups.items()}
            yield (
                name,
                {
                    group: Batches(
                        subset.select(indices),
                        BATCH_SIZE,
                        device,
                        data.normaliser,
                        keep_single=True,
                    )
                    for group, indices in rows.items()
                    if len(indices)
                },
            )


def _monitor_notes(
    training: TrainingSettings, objective: Objective, device: torch.device
) -> list[str]:
    """Return a note if the metric to monitor does not exist for this data."""
    chosen_monitor = training.early_stopping.monitor
    if monitored_metric(training, objective, device) == chosen_monitor:
        return []
    features = {
        "Early stopping": training.early_stopping.enabled,
        "The plateau schedule": any(group.schedule.name == "plateau" for group in training.groups),
    }
    return [
        f"{feature} cannot monitor the {metric_title(chosen_monitor)}, which is not computed for "
        "this data; it monitors the validation loss instead"
        for feature, is_used in features.items()
        if is_used
    ]


def initial_weights_file(options: RunOptions) -> str:
    """Return the weights file that the run began from, or an empty string."""
    if options.resume and options.run_dir:
        stored = Path(options.run_dir) / runs.INITIAL
        return str(stored) if stored.exists() else ""
    return options.initial_weights


def _load_initial_weights(module: nn.Module, file: str) -> Iterator[str]:
    if not file:
        return
    match = load_weights(module, file)
    if not match.is_complete:
        fitting, layers = len(match.loaded_layers), len(match.layers)
        yield f"{FITTING_WEIGHTS} {fitting} of {layers} layers fit and were kept; the rest are new"


def _weight_notes(weights: Tensor | None, data: DataSet) -> Iterator[str]:
    """Yield the weights of the classes or labels in the training loss."""
    if weights is not None:
        names = weighted_names(data.facts)
        noun = "Class weights" if data.facts.class_names else "Weights of the labels"
        yield f"{noun}: {weights_text(zip(names, weights.tolist(), strict=True))}"


@torch.inference_mode()
def _dry_run(context: TrainingContext, parts: ChangingParts) -> None:
    """Run two samples forward, to report a mismatch before the first step."""
    batch = parts.batches(0).batch(None, 0)
    two_samples = Batch(
        {role: tensor[:2] for role, tensor in batch.inputs.items()},
        None if batch.target is None else batch.target[:2],
    )
    context.compiled.module.eval()
    parts.objective.dry_run(two_samples)
