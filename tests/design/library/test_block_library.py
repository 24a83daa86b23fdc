from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.design import edits
from dlstudio.design.blocks import group, merge_definitions
from dlstudio.design.library.files import FileError
from dlstudio.design.library.library import (
    block_file,
    file_name_for,
    read_library,
    remove_block,
    save_block,
    unused_title,
    with_title,
)
from dlstudio.design.model.model import Project
from dlstudio.design.storage.block_file import dumps_block, loads_block


@pytest.fixture
def project() -> Project:
    """A design with a block `Outer` that contains a block `Cell`."""
    project, last = Project(), None
    for kind in ("input", "relu", "tanh", "output"):
        project, last = edits.append_after(project, last, kind)
    project, inner = group(project, ["relu_1"], "Cell")
    return group(project, [inner, "tanh_1"], "Outer")[0]


def test_saved_block_includes_its_inner_blocks(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "blocks"
    assert save_block(block_file(project, "outer"), folder) == "outer"
    (name,) = (library := read_library(folder)).files
    file = library.files[name]
    merged, ids = merge_definitions(Project(), file.definitions)
    assert merged.blocks == project.blocks
    assert merged.layout_at("outer") == project.layout_at("outer")
    assert ids[file.block_id] == "outer"
    assert loads_block(dumps_block(file)) == file


def test_block_with_another_title_is_saved_beside_the_first(
    project: Project, tmp_path: Path
) -> None:
    file = block_file(project, "cell")
    save_block(file, tmp_path)
    title = unused_title(read_library(tmp_path), file.block.title)
    assert title == "Cell 2"
    save_block(with_title(file, title), tmp_path)
    assert [file.block.title for file in read_library(tmp_path).files.values()] == ["Cell", title]
    remove_block(tmp_path, "cell")
    assert [*read_library(tmp_path).files] == ["cell-2"]


def test_titles_that_differ_only_in_punctuation_do_not_share_a_file(
    project: Project, tmp_path: Path
) -> None:
    file = block_file(project, "cell")
    titles = ["Cell", "Cell!", "細胞"]
    for title in titles:
        save_block(with_title(file, title), tmp_path)
    library = read_library(tmp_path)
    assert [file.block.title for file in library.files.values()] == titles
    assert [file_name_for(library, title) for title in titles] == ["cell", "cell-2", "node"]
    assert (file_name_for(library, "CELL"), file_name_for(library, "Cells")) == ("cell", "")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "it is damaged: Expecting property name"),
        ('{"format": "dlstudio"}', "it is not a dlstudio block"),
        ('{"format": "dlstudio-block", "version": 2}', "another version"),
        ('{"format": "dlstudio-block", "version": 1, "block": "a"}', "the block it names"),
        ('{"format": "dlstudio-block", "version": 1, "block": [], "blocks": {}}', "it names"),
        ('{"format": "dlstudio-block", "version": 1, "blocks": []}', "must be an object"),
    ],
)
def test_damaged_file_is_reported_in_one_line(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "bad.dlstudio-block").write_text(content, encoding="utf-8")
    library = read_library(tmp_path)
    assert library.files == {}
    (line,) = library.errors
    assert line.startswith("bad.dlstudio-block cannot be used: ")
    assert reason in line
    assert "\n" not in line


def test_unwritable_folder_is_reported(project: Project, tmp_path: Path) -> None:
    (tmp_path / "blocks").write_text("a file where the folder should be")
    with pytest.raises(FileError, match="cannot be saved"):
        save_block(block_file(project, "cell"), tmp_path / "blocks")
