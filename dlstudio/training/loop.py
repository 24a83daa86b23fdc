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
    trainer = ready.run
    recorder = Journal(trainer, ready.folder, options.checkpoint_seconds)
    handler = Desk(control, recorder)
    yield _started(ready)
    yield from ready.changes
    recorder.write("running")
    trainer.clock.lap()
    while not trainer.state.ended:
        yield from handler.attend(watch)
        if handler.stopped:
            break
        try:
            due = recorder.due
            recorder.add(
                trainer.step(measure=due or bool(handler.stepping), between=watch.between(trainer))
            )
            if due:
                yield from recorder.tell()
            yield from watch.look(trainer)
            yield from recorder.keep_safe()
            yield from handler.after_step()
            if trainer.state.ended:
                yield from recorder.tell(wait=True)
        except Diverged as diverged:
            yield from recorder.tell_rest()
            cause = recover(recorder, diverged.step)
            if not handler.attended:
                raise TrainingError(cause.text, cause.node) from diverged
            yield from handler.pause(cause.text, cause.node)
    yield from _finish(recorder)


def _started(ready: Ready) -> Started:
    trainer, equipment = ready.run, ready.run.equipment
    data = equipment.data
    subsets = {"train": data.train, "validation": data.validation, "test": data.test}
    if ready.folder is not None:
        ready.folder.add_event("started", trainer.state.step)
    return Started(
        device=str(equipment.device),
        threads=equipment.threads,
        parameters=sum(parameter.numel() for parameter in trainer.module.parameters()),
        samples={name: 0 if subset is None else len(subset) for name, subset in subsets.items()},
        epochs=trainer.plan.epochs,
        steps_per_epoch=equipment.batches.steps,
        step=trainer.state.step,
        epoch=trainer.state.epoch,
        run_dir="" if ready.folder is None else str(ready.folder.path),
        warnings=equipment.warnings,
    )


def _finish(journal: Journal) -> Iterator[Event]:
    """Write the last checkpoint, then restore the best weights, read the test part and end."""
    trainer, folder = journal.run, journal.folder
    yield from journal.tell(wait=True)
    reason = trainer.state.ended or "stopped"
    journal.capture()
    journal.write(reason)
    metrics = final_metrics(trainer, reason)
    trainer.rest()
    weights = ""
    if folder is not None:
        weights = str(folder.path / runs.WEIGHTS)
        save_weights(trainer.module, weights)
        folder.add_event("finished", trainer.state.step, reason=reason)
    yield Finished(
        epochs=trainer.state.epoch,
        step=trainer.state.step,
        metrics=metrics,
        reason=reason,
        seconds=trainer.state.seconds,
        evaluation_seconds=trainer.state.evaluation_seconds,
        run_dir="" if folder is None else str(folder.path),
        weights_file=weights,
    )


def _failed(error: Exception, ready: Ready | None) -> Failed:
    if ready is None:
        return failure(error, None, "")
    trainer, folder = ready.run, ready.folder
    if folder is None:
        return failure(error, trainer.module, "")
    failed = failure(error, trainer.module, str(folder.path))
    with contextlib.suppress(OSError):  # the words matter more than the note
        folder.add_event("failed", trainer.state.step, text=failed.text)
        folder.write_info("failed", trainer.equipment.project, trainer.plan.epochs, trainer.state)
    return failed
