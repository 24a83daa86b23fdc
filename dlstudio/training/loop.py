"""The loop: trains a project and tells what happens as a generator of frozen events."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from dlstudio.design.model import Project
from dlstudio.network.weights import save_weights
from dlstudio.training import runs
from dlstudio.training.control import Control
from dlstudio.training.desk import Desk
from dlstudio.training.devices import determinism, threads_of_run
from dlstudio.training.divergence import recover
from dlstudio.training.epochs import final_metrics
from dlstudio.training.errors import TrainingError
from dlstudio.training.events import Event, Failed, Finished, RunOptions, Started
from dlstudio.training.failures import failure
from dlstudio.training.journal import Journal
from dlstudio.training.loading import StoppedEarly
from dlstudio.training.observer import Observer
from dlstudio.training.opening import Ready
from dlstudio.training.prepare import effective_project, prepare, threads_for
from dlstudio.training.run import Diverged
from dlstudio.training.watch import Watch


def train(
    project: Project,
    options: RunOptions,
    control: Control | None = None,
    observers: Sequence[Observer] = (),
) -> Iterator[Event]:
    """Train, in the calling thread, as fast as events are taken.

    Losses depend on project, data, seed and threads alone: not on observers, pauses, or the
    moments at which events are taken. A mistake ends the run with `Failed`, never an exception.

    Args:
        project: What to train; where a run is resumed, the project kept in its folder is.
        options: Where and how.
        control: Where commands come from; None, or one that nobody attends, ends a run whose
            loss is not finite instead of pausing it.
        observers: Who looks at the network meanwhile.
    """
    ready: Ready | None = None
    try:
        project = effective_project(project, options)
        threads = threads_for(options)
        with threads_of_run(threads):
            ready = yield from prepare(project, options, control, threads)
            with determinism(ready.run.equipment.device, project.training.reproducible):
                yield from _follow(ready, options, control, Watch(observers))
    except StoppedEarly:
        yield Finished(0, 0, {}, "stopped", 0.0, 0.0)
    except Exception as error:  # noqa: BLE001 - a run ends with words, whatever happened
        yield _failed(error, ready)
    finally:
        if ready is not None and ready.folder is not None:
            ready.folder.close()


def _follow(
    ready: Ready, options: RunOptions, control: Control | None, watch: Watch
) -> Iterator[Event]:
    run = ready.run
    journal = Journal(run, ready.folder, options.checkpoint_seconds)
    desk = Desk(control, journal)
    yield _started(ready)
    yield from ready.changes
    journal.write("running")
    run.clock.lap()
    while not run.state.ended:
        yield from desk.attend(watch)
        if desk.stopped:
            break
        try:
            due = journal.due
            journal.add(run.step(measure=due or bool(desk.stepping), between=watch.between(run)))
            if due:
                yield from journal.tell()
            yield from watch.look(run)
            yield from journal.keep_safe()
            yield from desk.after_step()
            if run.state.ended:
                yield from journal.tell(wait=True)
        except Diverged as diverged:
            yield from journal.tell_rest()
            cause = recover(journal, diverged.step)
            if not desk.attended:
                raise TrainingError(cause.text, cause.node) from diverged
            yield from desk.pause(cause.text, cause.node)
    yield from _finish(journal)


def _started(ready: Ready) -> Started:
    run, equipment = ready.run, ready.run.equipment
    data = equipment.data
    parts = {"train": data.train, "validation": data.validation, "test": data.test}
    if ready.folder is not None:
        ready.folder.add_event("started", run.state.step)
    return Started(
        device=str(equipment.device),
        threads=equipment.threads,
        parameters=sum(each.numel() for each in run.module.parameters()),
        samples={name: 0 if part is None else len(part) for name, part in parts.items()},
        epochs=run.plan.epochs,
        steps_per_epoch=equipment.batches.steps,
        step=run.state.step,
        epoch=run.state.epoch,
        run_dir="" if ready.folder is None else str(ready.folder.path),
        warnings=equipment.warnings,
    )


def _finish(journal: Journal) -> Iterator[Event]:
    """Write the last checkpoint, then restore the best weights, read the test part and end."""
    run, folder = journal.run, journal.folder
    yield from journal.tell(wait=True)
    reason = run.state.ended or "stopped"
    journal.capture()
    journal.write(reason)
    metrics = final_metrics(run, reason)
    run.rest()
    weights = ""
    if folder is not None:
        weights = str(folder.path / runs.WEIGHTS)
        save_weights(run.module, weights)
        folder.add_event("finished", run.state.step, reason=reason)
    yield Finished(
        epochs=run.state.epoch,
        step=run.state.step,
        metrics=metrics,
        reason=reason,
        seconds=run.state.seconds,
        evaluation_seconds=run.state.evaluation_seconds,
        run_dir="" if folder is None else str(folder.path),
        weights_file=weights,
    )


def _failed(error: Exception, ready: Ready | None) -> Failed:
    if ready is None:
        return failure(error, None, "")
    run, folder = ready.run, ready.folder
    if folder is None:
        return failure(error, run.module, "")
    failed = failure(error, run.module, str(folder.path))
    with contextlib.suppress(OSError):  # the words matter more than the note
        folder.add_event("failed", run.state.step, text=failed.text)
        folder.write_info("failed", run.equipment.project, run.plan.epochs, run.state)
    return failed
