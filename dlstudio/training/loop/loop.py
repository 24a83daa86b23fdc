"""The training loop: trains a project and yields frozen events."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.weights.weights import save_weights
from dlstudio.training.loop.command_handler import CommandHandler
from dlstudio.training.loop.data_loading import StopRequested
from dlstudio.training.loop.divergence import locate_and_roll_back
from dlstudio.training.loop.epoch_end import final_metrics
from dlstudio.training.loop.failures import to_failed_event
from dlstudio.training.loop.observer import Observer
from dlstudio.training.loop.observers import ObserverDispatcher
from dlstudio.training.loop.prepare import effective_project, prepare, thread_count
from dlstudio.training.loop.run_recorder import RunRecorder
from dlstudio.training.loop.run_start import PreparedRun
from dlstudio.training.loop.step_observer import StepObserver
from dlstudio.training.loop.step_observers import StepDispatcher
from dlstudio.training.metrics.baseline import baseline_metrics
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import Event, Failed, Finished, RunOptions, Started
from dlstudio.training.step.devices import deterministic_algorithms, torch_threads
from dlstudio.training.step.trainer import Diverged, Trainer
from dlstudio.training.storage import runs
from dlstudio.training.storage.weights_record import WeightsRecord


def train(
    project: Project,
    options: RunOptions,
    control: Control | None = None,
    observers: Sequence[Observer] = (),
    step_observers: Sequence[StepObserver] = (),
) -> Iterator[Event]:
    """Train in the calling thread, as fast as events are consumed.

    Losses depend only on project, data, seed and threads: not on observers, pauses, or the timing
    of events. An error ends the run with `Failed`, never with an exception.

    Args:
        project: The project to train; a resumed run uses the one stored in its folder.
        options: Where and how to train.
        control: Source of commands; with None, or without an operator, a run whose loss is not
            finite fails instead of pausing.
        observers: Called between steps with a view of the network.
        step_observers: Called during the steps that they observe.
    """
    ready: PreparedRun | None = None
    try:
        project = effective_project(project, options)
        threads = thread_count(options)
        with torch_threads(threads):
            ready = yield from prepare(project, options, control, threads)
            with deterministic_algorithms(
                ready.trainer.context.device, project.training.reproducible
            ):
                run_dir = "" if ready.folder is None else str(ready.folder.path)
                recorder = RunRecorder(ready.trainer, ready.folder, options.checkpoint_seconds)
                yield from _training_loop(
                    ready,
                    recorder,
                    control,
                    ObserverDispatcher(observers, run_dir),
                    StepDispatcher(step_observers, ready.trainer, run_dir),
                )
    except StopRequested:
        yield Finished(0, 0, {}, "stopped", 0.0, 0.0)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - every error becomes a Failed event
        yield _failed_event(error, ready)
    finally:
        if ready is not None and ready.folder is not None:
            ready.folder.release()


def _training_loop(
    ready: PreparedRun,
    recorder: RunRecorder,
    control: Control | None,
    observers: ObserverDispatcher,
    step_observers: StepDispatcher,
) -> Iterator[Event]:
    trainer = ready.trainer
    handler = CommandHandler(control, recorder)
    yield _started_event(ready)
    yield from ready.changes
    recorder.write_checkpoint("running")
    recorder.snapshots.write()
    trainer.clock.lap()
    while not trainer.state.ended:
        yield from handler.process_commands(observers)
        if handler.stop_requested:
            break
        try:
            yield from _take_step(recorder, handler, observers, step_observers)
        except Diverged as diverged:
            yield from recorder.flush_finite_steps()
            cause = locate_and_roll_back(recorder, diverged.step)
            if not handler.has_operator:
                raise TrainingError(cause.text, cause.node) from diverged
            yield from handler.pause(cause.text, cause.node)
    yield from _finish(recorder)


def _take_step(
    recorder: RunRecorder,
    handler: CommandHandler,
    observers: ObserverDispatcher,
    step_observers: StepDispatcher,
) -> Iterator[Event]:
    """Train one step, and yield the events that are due after it.

    Raises:
        Diverged: The loss of this step, or of an earlier one read only now, is not finite.
    """
    trainer, due = recorder.trainer, recorder.is_due
    with step_observers.watch_step() as listener:
        result = trainer.step(measure_norm=due or bool(handler.stepping), listener=listener)
    recorder.add(result)
    if due:
        yield from recorder.flush_events()
    yield from step_observers.take_snapshots()
    yield from observers.run_observers(trainer)
    yield from recorder.checkpoint_if_due()
    yield from handler.after_step()
    if trainer.state.ended:
        yield from recorder.flush_events(wait=True)


def _started_event(ready: PreparedRun) -> Started:
    trainer, context = ready.trainer, ready.trainer.context
    data = context.data
    subsets = {"train": data.train, "validation": data.validation, "test": data.test}
    started = Started(
        device=str(context.device),
        threads=context.threads,
        parameters=sum(parameter.numel() for parameter in trainer.module.parameters()),
        samples={name: 0 if subset is None else len(subset) for name, subset in subsets.items()},
        epochs=trainer.plan.epochs,
        steps_per_epoch=trainer.batches.steps,
        step=trainer.state.step,
        epoch=trainer.state.epoch,
        run_dir="" if ready.folder is None else str(ready.folder.path),
        warnings=(*ready.notes, *context.warnings),
        training=_settings_in_force(trainer),
        leaks=context.leaks,
        baseline=baseline_metrics(trainer.objective, data, context.device),
    )
    if ready.folder is not None:
        ready.folder.add_start(started)
    return started


def _settings_in_force(trainer: Trainer) -> TrainingSettings:
    """Return the settings of the current epoch; `epochs` are those of the design."""
    size = trainer.plan.batch_size_of(trainer.state.epoch)
    return replace(trainer.training, batch_size=size)


def _finish(recorder: RunRecorder) -> Iterator[Event]:
    """Write the last checkpoint, then restore the best weights, evaluate the test set and end."""
    trainer, folder = recorder.trainer, recorder.folder
    yield from recorder.flush_events(wait=True)
    reason = trainer.state.ended or "stopped"
    recorder.capture_state()
    recorder.write_checkpoint(reason)
    recorder.snapshots.write_end()
    metrics, kept_epoch = final_metrics(trainer, reason)
    trainer.set_eval_mode()
    weights = ""
    if folder is not None:
        weights = str(folder.path / runs.WEIGHTS)
        record = WeightsRecord(
            kept_epoch or trainer.state.epoch,
            0 if kept_epoch else trainer.state.index,
            trainer.parts.monitor if kept_epoch else "",
        )
        save_weights(
            trainer.module, weights, {**trainer.context.origin.metadata, **record.metadata}
        )
        kept = {"kept_epoch": kept_epoch} if kept_epoch else {}
        folder.add_event("finished", trainer.state.step, reason=reason, **kept)
        plan, state = trainer.plan, trainer.state
        folder.write_info(reason, trainer.context.project, plan.epochs, state, metrics)
    yield Finished(
        epochs=trainer.state.epoch,
        step=trainer.state.step,
        metrics=metrics,
        reason=reason,
        seconds=trainer.state.seconds,
        evaluation_seconds=trainer.state.evaluation_seconds,
        run_dir="" if folder is None else str(folder.path),
        weights_file=weights,
        kept_epoch=kept_epoch,
    )


def _failed_event(error: BaseException, ready: PreparedRun | None) -> Failed:
    if ready is None:
        return to_failed_event(error, None, "")
    trainer, folder = ready.trainer, ready.folder
    if folder is None:
        return to_failed_event(error, trainer.module, "")
    failed = to_failed_event(error, trainer.module, str(folder.path))
    with contextlib.suppress(OSError):  # reporting the failure matters more than recording it
        folder.add_event("failed", trainer.state.step, text=failed.text)
        folder.write_info("failed", trainer.context.project, trainer.plan.epochs, trainer.state)
    return failed
