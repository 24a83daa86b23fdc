"""Settings, recovery copies and locks written by an earlier version can be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dlstudio.gui.document.preferences import Preferences, config_dir, preferences, settings
from dlstudio.gui.files.file_lock import DesignLock, lock_path
from dlstudio.gui.files.recent_files import recent_files
from dlstudio.gui.files.recovery import Recovery
from tests.gui.gui_fixtures import FileWorkspace
from tests.kept_files import KEPT

RECENT = [Path("/home/ada/designs/trained.dlstudio"), Path("/home/ada/designs/blocks.dlstudio")]


@pytest.fixture
def earlier_config() -> Path:
    """Return the settings folder with the files of an earlier version."""
    return Path(shutil.copytree(KEPT / "config", config_dir(), dirs_exist_ok=True))


@pytest.mark.usefixtures("earlier_config")
def test_stored_preferences_are_read() -> None:
    assert preferences() == Preferences(
        theme="dark",
        font_size=15,
        threads=1,
        data_dir="/home/ada/data",
        runs_dir="/home/ada/runs",
    )
    assert not settings().value("window/geometry").isEmpty()
    assert not settings().value("window/state").isEmpty()


@pytest.mark.usefixtures("earlier_config")
def test_only_existing_recent_files_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recent_files() == []
    monkeypatch.setattr(Path, "is_file", lambda path: path in RECENT)
    assert recent_files() == RECENT


def test_stored_recovery_copy_is_read(earlier_config: Path) -> None:
    (file,) = Recovery(earlier_config / "recovery").recoverable()
    assert (file.name, file.path) == ("trained.dlstudio", RECENT[0])
    assert file.weights is not None
    assert file.weights.name == "weights.safetensors"
    assert file.saved_at == pytest.approx(1796032731.65, abs=0.01)
    project = file.load()
    assert project.title == "Iris, edited"
    assert len(project.graph.nodes) == 7


def test_lock_of_another_computer_shows_its_owner(workspace: FileWorkspace, design: Path) -> None:
    shutil.copy(KEPT / "design.lock", lock_path(design))
    owner = DesignLock().acquire(design)
    assert owner is not None
    assert (owner.process, owner.host) == (4242, "studio")
    assert not workspace.files.open_path(design)
    assert workspace.prompts.owners == [owner.text()]
