"""Random edits, kills, malicious files and random input events: work must never be lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.rows import ResultRow

TESTS = Path(__file__).resolve().parent.parent

SEQUENCES, SAVE_CRASHES, TRAINING_CRASHES = 1000, 200, 50
CORRUPT_FILES, MOVES, SEED = 500, 10_000, 7
MIN_CARDS, MIN_ACTION_SHARE = 15, 0.9


def robustness() -> list[ResultRow]:
    """Run every robustness test with its full count."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [
            _edit_sequences(),
            _crashes_while_saving(folder),
            _crashes_while_training(folder),
            _corrupt_files(folder),
            *_monkey(folder),
        ]


def _edit_sequences() -> ResultRow:
    test = TESTS / "design" / "editing" / "test_edit_sequences.py"
    process = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        env={**os.environ, "DLSTUDIO_EDIT_SEQUENCES": str(SEQUENCES)},
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = process.stdout.strip().splitlines()
    passed = process.returncode == 0
    if not passed:
        print("\n".join(lines[-40:]))
    text = f"{SEQUENCES:,} per property, {lines[-1] if lines else 'no output'}"
    return ResultRow("random edit sequences", "every property holds", text, passed)


def _crashes_while_saving(folder: Path) -> ResultRow:
    from tests.design.storage.crash_saving import kill_while_saving

    saves = folder / "saves"
    saves.mkdir()
    results = kill_while_saving(saves, SAVE_CRASHES)
    text = f"{len(results)} kills, {len({*results})} distinct saves read back"
    return ResultRow("kills during a save", "nothing lost", text, len(results) == SAVE_CRASHES)


def _crashes_while_training(folder: Path) -> ResultRow:
    from tests.training.loop.crash_training import crash_while_training

    runs = folder / "runs"
    runs.mkdir()
    outcome = crash_while_training(TRAINING_CRASHES, runs)
    for line in outcome.problems:
        print(f"lost: {line}")
    passed = outcome.kills == TRAINING_CRASHES and not outcome.problems
    text = f"{outcome.kills} kills, {len(outcome.problems)} losses"
    return ResultRow("kills (-9) during training", "nothing lost, equal result", text, passed)


def _corrupt_files(folder: Path) -> ResultRow:
    from tests.cli.corrupt_file_commands import failed_commands

    failures = failed_commands(folder, CORRUPT_FILES)
    print("\n".join(failures[:20]))
    text = f"{CORRUPT_FILES} files, {len(failures)} handled wrongly"
    name, expected = "damaged and malicious design files", "one-line error, correct exit status"
    return ResultRow(name, expected, text, not failures)


def _monkey(folder: Path) -> list[ResultRow]:
    from tests.gui.monkey.session import run_monkey

    workspace = folder / "workspace"
    workspace.mkdir()
    outcome = run_monkey(MOVES, workspace, SEED)
    coverage = outcome.coverage
    print("\n".join(coverage.summary_lines()))
    print("\n".join(outcome.failures[:20]))
    undone = outcome.undone_project == outcome.start_project
    share, missed = coverage.fired_share, coverage.missed_phases
    mean = coverage.mean_size
    return [
        ResultRow(
            "random clicks, keys and drags on the window",
            "no exception or warning",
            f"{MOVES:,} on {outcome.window_count} windows, {len(outcome.failures)} failures",
            not outcome.failures,
        ),
        ResultRow(
            "  actions fired",
            f"≥ {MIN_ACTION_SHARE:.0%}",
            f"{share:.0%}",
            share >= MIN_ACTION_SHARE,
        ),
        ResultRow("  gesture phases not reached", "0", str(len(missed)), not missed),
        ResultRow("  mean number of cards", f"≥ {MIN_CARDS}", f"{mean:.1f}", mean >= MIN_CARDS),
        ResultRow("  undoing all restores the start", "yes", "yes" if undone else "no", undone),
    ]


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"robustness": robustness}
