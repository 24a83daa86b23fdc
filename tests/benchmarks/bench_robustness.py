"""What random edits, kills, hostile files and a monkey at the window do to the studio."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.rows import Row

TESTS = Path(__file__).resolve().parent.parent

SEQUENCES, SAVE_KILLS, TRAINING_KILLS = 1000, 200, 50
HOSTILE_FILES, MOVES, SEED = 500, 10_000, 7
FEWEST_CARDS, LEAST_SHARE = 15, 0.9


def robustness() -> list[Row]:
    """Try everything that could lose work or end in a traceback, by the full counts."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [
            _edit_sequences(),
            _kills_while_saving(folder),
            _kills_while_training(folder),
            _hostile_files(folder),
            *_monkey(folder),
        ]


def _edit_sequences() -> Row:
    test = TESTS / "design" / "test_edit_sequences.py"
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
    text = f"{SEQUENCES:,} a property, {lines[-1] if lines else 'no answer'}"
    return Row("random edit sequences", "every property holds", text, passed)


def _kills_while_saving(folder: Path) -> Row:
    from tests.design.save_kills import kill_while_saving

    saves = folder / "saves"
    saves.mkdir()
    results = kill_while_saving(saves, SAVE_KILLS)
    text = f"{len(results)} kills, {len({*results})} different saves found"
    return Row("kills during a save", "nothing lost", text, len(results) == SAVE_KILLS)


def _kills_while_training(folder: Path) -> Row:
    from tests.training.kills import kill_while_training

    runs = folder / "runs"
    runs.mkdir()
    outcome = kill_while_training(TRAINING_KILLS, runs)
    for line in outcome.lost:
        print(f"lost: {line}")
    passed = outcome.kills == TRAINING_KILLS and not outcome.lost
    text = f"{outcome.kills} kills, {len(outcome.lost)} losses"
    return Row("kills (-9) during training", "nothing lost, equal end", text, passed)


def _hostile_files(folder: Path) -> Row:
    from tests.cli.hostile_commands import wrong_answers

    wrong = wrong_answers(folder, HOSTILE_FILES)
    print("\n".join(wrong[:20]))
    text = f"{HOSTILE_FILES} files, {len(wrong)} answered badly"
    return Row("damaged and hostile design files", "one line, right status", text, not wrong)


def _monkey(folder: Path) -> list[Row]:
    from tests.gui.monkey_play import play

    workspace = folder / "workspace"
    workspace.mkdir()
    outcome = play(MOVES, workspace, SEED)
    coverage = outcome.coverage
    print("\n".join(coverage.lines()))
    print("\n".join(outcome.faults[:20]))
    undone = outcome.undone == outcome.start
    share, missed = coverage.share_fired, coverage.phases_missed
    mean = coverage.mean_size
    return [
        Row(
            "random clicks, keys and drags on the window",
            "no exception or warning",
            f"{MOVES:,} on {outcome.windows} windows, {len(outcome.faults)} faults",
            not outcome.faults,
        ),
        Row("  actions fired", f"≥ {LEAST_SHARE:.0%}", f"{share:.0%}", share >= LEAST_SHARE),
        Row("  gestures' phases, cancel included, missed", "0", str(len(missed)), not missed),
        Row("  cards on average", f"≥ {FEWEST_CARDS}", f"{mean:.1f}", mean >= FEWEST_CARDS),
        Row("  undoing all gives back the start", "yes", "yes" if undone else "no", undone),
    ]


BENCHMARKS: Mapping[str, Callable[[], list[Row]]] = {"robustness": robustness}
