"""Writes the latest results of every benchmark to a Markdown file, with machine and date."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from tests.benchmarks.rows import ResultRow

RESULTS = Path(__file__).with_name("RESULTS.md")
HEADING = """# Results

Written by `python tests/benchmarks/run.py --write [NAME…]`; each benchmark replaces its own
section. Values are medians; speeds are ratios to a plain PyTorch loop measured in the same run.
The load of a machine varies, so compare ratios, not seconds.
"""
VERDICTS = {True: "kept", False: "**missed**", None: ""}


def write_results(
    results: Mapping[str, Sequence[ResultRow]], machine: str, path: Path = RESULTS
) -> None:
    """Replace the sections of the benchmarks in `results` and keep the others."""
    sections = read_sections(path)
    for name, rows in results.items():
        sections[name] = section(rows, machine, date.today())
    body = "\n".join(f"## {name}\n\n{text}" for name, text in sorted(sections.items()))
    path.write_text(f"{HEADING}\n{body}", encoding="utf-8")


def read_sections(path: Path) -> dict[str, str]:
    """Return the text of every section by the name of its benchmark."""
    if not path.exists():
        return {}
    _, *chunks = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: text.strip("\n") + "\n" for name, _, text in (c.partition("\n") for c in chunks)}


def section(rows: Sequence[ResultRow], machine: str, day: date) -> str:
    """Return one benchmark's rows as a table."""
    lines = [
        f"{day.isoformat()}, {machine}",
        "",
        "| what | budget | measured | |",
        "|---|---|---|---|",
    ]
    for row in rows:
        cells = (row.name.strip(), row.budget, row.measured, VERDICTS[row.ok])
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
