"""Report a run's events as console output with a progress bar, or as JSON lines."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol

from dlstudio.cli.output.console import ProgressBar, print_error, print_line, write_json
from dlstudio.design.model.training_settings import TrainingSettings, chosen
from dlstudio.training.metrics.early_stop_texts import automatic_stop_text, early_stop_reason
from dlstudio.training.metrics.metric_names import is_percentage, metric_title
from dlstudio.training.protocol.events import (
    EpochDone,
    Event,
    Failed,
    Finished,
    Paused,
    ProgressUpdate,
    SettingChanged,
    Started,
    StepsDone,
)

LOSS_NAMES = ("train_loss", "validation_loss", "test_loss")


class Reporter(Protocol):
    """Receives the events of a run."""

    def report(self, event: Event) -> None:
        """Report one event."""

    def report_interrupted(self) -> None:
        """Report that Ctrl-C ended the run."""


class JsonReporter:
    """Writes one JSON object per line to stdout, and nothing else."""

    def __init__(self) -> None:
        self._has_begun = False

    def report(self, event: Event) -> None:
        """Write the event's records; their names are a contract with scripts."""
        self._has_begun |= isinstance(event, Started)
        if isinstance(event, StepsDone):
            for offset, loss in enumerate(event.losses.tolist()):
                write_json({"event": "step", "step": event.first_step + offset, "loss": loss})
            return
        record = _record(event)
        if record:
            write_json(record)

    def report_interrupted(self) -> None:
        """Print the message to stderr, because stdout holds events only."""
        print_error(_interrupted_text(self._has_begun))


def _interrupted_text(has_begun: bool) -> str:
    if has_begun:
        return "interrupted; the checkpoint is kept, continue with --resume"
    return "interrupted before training started"


def _record(event: Event) -> dict[str, Any]:
    """Return the JSON record of an event; empty if the event is not part of the output."""
    match event:
        case Started():
            return {
                "event": "started",
                "device": event.device,
                "threads": event.threads,
                "parameters": event.parameters,
                **{
                    subset: event.samples.get(subset, 0)
                    for subset in ("train", "validation", "test")
                },
                "epochs": event.epochs,
                "step": event.step,
                "run_dir": event.run_dir,
                "warnings": list(event.warnings),
            }
        case EpochDone():
            return {
                "event": "epoch",
                "epoch": event.epoch,
                "step": event.step,
                **_metrics(event.metrics),
                "lr": event.learning_rate,
                "seconds": event.seconds,
            }
        case SettingChanged():
            return {
                "event": "changed",
                "step": event.step,
                "change": event.change,
                **{"arguments": dict(event.arguments), "text": event.text},
            }
        case Finished():
            return {
                "event": "finished",
                "epochs": event.epochs,
                "step": event.step,
                **_metrics(event.metrics),
                "reason": event.reason,
                "seconds": event.seconds,
                "evaluation_seconds": event.evaluation_seconds,
                "run_dir": event.run_dir,
                **({"kept_epoch": event.kept_epoch} if event.kept_epoch else {}),
            }
        case Failed():
            return {"event": "failed", "text": event.text, "node": event.node}
        case _:
            return {}


def _metrics(metrics: Mapping[str, float]) -> dict[str, float | None]:
    has_accuracy = any(name.partition("_")[2] == "accuracy" for name in metrics)
    names = (*LOSS_NAMES, "test_accuracy") if has_accuracy else LOSS_NAMES
    return {**dict.fromkeys(names), **metrics}


class ConsoleReporter:
    """Prints text to stdout, and a progress bar to stderr if that is a terminal."""

    def __init__(self) -> None:
        self._bar = ProgressBar()
        self._has_begun = False
        self._steps = 0
        self._started_at = 0.0
        self._first_step = 0
        self._loss: float | None = None
        self._stop_reason = ""

    def report(self, event: Event) -> None:
        """Print the event or update the progress bar."""
        match event:
            case ProgressUpdate():
                self._bar.show(event.fraction, event.text)
            case Started():
                self._start(event)
            case StepsDone():
                self._advance(event)
            case EpochDone():
                metrics = "  ".join(_metric_texts(event.metrics))
                self._print_line(f"epoch {event.epoch:>3}  {metrics}  {event.seconds:.1f} s")
            case SettingChanged():
                self._print_line(f"step {event.step}: {event.text}")
            case Paused() if event.reason:
                self._print_line(f"paused at step {event.step}: {event.reason}")
            case Finished():
                self._finish(event)
            case Failed():
                self._bar.clear()
                for line in event.text.splitlines():
                    print_error(line)
            case _:
                return

    def report_interrupted(self) -> None:
        """Print what is kept."""
        self._bar.clear()
        print_error(_interrupted_text(self._has_begun))

    def _start(self, event: Started) -> None:
        self._has_begun = True
        for warning in event.warnings:
            self._print_line(f"note: {warning}")
        sizes = ", ".join(f"{count:,} {subset}" for subset, count in event.samples.items() if count)
        self._print_line(
            f"training {event.parameters:,} parameters on {event.device} "
            f"with {event.threads} threads; samples: {sizes}"
        )
        if event.training is not None:
            self._print_line(_plan_text(event.epochs, event.training))
            if stop := automatic_stop_text(event.training):
                self._print_line(stop)
            self._stop_reason = early_stop_reason(event.training)
        self._steps = event.epochs * event.steps_per_epoch
        self._first_step = event.step
        self._started_at = time.monotonic()

    def _advance(self, event: StepsDone) -> None:
        loss = float(event.losses[-1])
        self._loss = loss if self._loss is None else 0.9 * self._loss + 0.1 * loss
        done = event.last_step - self._first_step
        seconds_left = (
            (self._steps - event.last_step) * (time.monotonic() - self._started_at) / done
        )
        text = (
            f"epoch {event.epoch}  loss {self._loss:.4f}  "
            f"{event.samples_per_second:,.0f}/s  {max(seconds_left, 0):.0f} s left"
        )
        self._bar.show(event.last_step / self._steps if self._steps else None, text)

    def _finish(self, event: Finished) -> None:
        kept = f", with the weights of epoch {event.kept_epoch}" if event.kept_epoch else ""
        is_early = event.reason == "early-stopping" and self._stop_reason
        why = f" because {self._stop_reason}" if is_early else ""
        reasons = {"done": "done", "early-stopping": "stopped early", "stopped": "stopped"}
        self._print_line(
            f"{reasons.get(event.reason, event.reason)} after {event.epochs} "
            f"epoch{'' if event.epochs == 1 else 's'}{why}{kept}: "
            f"{'  '.join(_metric_texts(event.metrics))}  "
            f"({event.seconds:.1f} s training, {event.evaluation_seconds:.1f} s evaluating)"
        )
        if event.run_dir:
            self._print_line(f"saved in {event.run_dir}")

    def _print_line(self, text: str) -> None:
        self._bar.clear()
        print_line(text)


def _plan_text(epochs: int, training: TrainingSettings) -> str:
    """Return the length of the run and its rates: `10 epochs, batch size 32, rate 0.001`."""
    rates = dict.fromkeys(
        f"{chosen(group.optimiser.learning_rate) * group.factor:g}" for group in training.groups
    )
    most = "up to " if automatic_stop_text(training) else ""
    return (
        f"{most}{epochs} epoch{'' if epochs == 1 else 's'}, batch size {training.batch_size}, "
        f"learning rate {' and '.join(rates)}"
    )


def _metric_texts(metrics: Mapping[str, float]) -> list[str]:
    """Return each metric as text: `test accuracy 97.80 %`."""
    return [
        f"{metric_title(name)} {value:.2%}".replace("%", " %")
        if is_percentage(name)
        else f"{metric_title(name)} {value:.4f}"
        for name, value in metrics.items()
    ]
