from __future__ import annotations

from pathlib import Path

from tests.benchmarks.results_file import HEADING, write_results
from tests.benchmarks.rows import ResultRow


def test_writing_a_benchmark_replaces_only_its_section(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    write_results({"start": [ResultRow("first paint", "<= 1 s", "2 s", False)]}, "A", path)
    write_results({"canvas": [ResultRow("frame|s", "<= 16 ms", "4 ms", True)]}, "A", path)
    write_results({"start": [ResultRow("first paint", "<= 1 s", "0.8 s", True)]}, "B", path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(HEADING)
    assert text.index("## canvas") < text.index("## start")
    assert "2 s" not in text
    assert "| first paint | <= 1 s | 0.8 s | kept |" in text
    assert "frame\\|s" in text
    assert text.count(", A") == text.count(", B") == 1
