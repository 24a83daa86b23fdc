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
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        env={**os.environ, "DLSTUDIO_EDIT_SEQUENCES": str(SEQUENCES)},
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    good = done.returncode == 0
    if not good:
        print("\n".join(lines[-40:]))
    figure = f"{SEQUENCES:,} a property, {lines[-1] if lines else 'no answer'}"
    return Row("random edit sequences", "every property holds", figure, good)


def _kills_while_saving(folder: Path) -> Row:
    from tests.design.save_kills import kill_while_saving

    place = folder / "saves"
    place.mkdir()
    found = kill_while_saving(place, SAVE_KILLS)
    figure = f"{len(found)} kills, {len({*found})} different saves found"
    return Row("kills during a save", "nothing lost", figure, len(found) == SAVE_KILLS)


def _kills_while_training(folder: Path) -> Row:
    from tests.training.kills import kill_while_training

    place = folder / "runs"
    place.mkdir()
    outcome = kill_while_training(TRAINING_KILLS, place)
    for line in outcome.lost:
        print(f"lost: {line}")
    good = outcome.kills == TRAINING_KILLS and not outcome.lost
    figure = f"{outcome.kills} kills, {len(outcome.lost)} losses"
    return Row("kills (-9) during training", "nothing lost, equal end", figure, good)


def _hostile_files(folder: Path) -> Row:
    from tests.cli.hostile_commands import wrong_answers

    wrong = wrong_answers(folder, HOSTILE_FILES)
    print("\n".join(wrong[:20]))
    figure = f"{HOSTILE_FILES} files, {len(wrong)} answered badly"
    return Row("damaged and hostile design files", "one line, right status", figure, not wrong)


def _monkey(folder: Path) -> list[Row]:
    from tests.gui.monkey_play import play

    place = folder / "zoo"
    place.mkdir()
    outcome = play(MOVES, place, SEED)
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
