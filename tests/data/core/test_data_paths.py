import sys
from pathlib import Path

import pytest

from dlstudio.data.core.data_paths import data_folder, resolve_data_path, user_folder
from dlstudio.data.core.errors import DataError


def test_data_folder_precedence_is_argument_environment_user_folder(monkeypatch):
    monkeypatch.setenv("DLSTUDIO_DATA", "/somewhere")
    assert data_folder("/given") == Path("/given")
    assert data_folder() == Path("/somewhere")
    monkeypatch.delenv("DLSTUDIO_DATA")
    assert data_folder() == user_folder() / "data"


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_DATA_HOME", "dlstudio"),
        ("win32", "LOCALAPPDATA", "dlstudio"),
    ],
)
def test_user_folder_depends_on_the_platform(platform, variable, expected, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert user_folder() == tmp_path / expected


def test_relative_paths_are_resolved_against_the_design_folder(tmp_path):
    (tmp_path / "table.csv").write_text("x")
    assert resolve_data_path("table.csv", str(tmp_path)) == tmp_path / "table.csv"
    assert resolve_data_path(str(tmp_path / "table.csv"), "/elsewhere") == tmp_path / "table.csv"


def test_missing_path_is_attached_to_the_error(tmp_path):
    with pytest.raises(DataError, match="was not found") as caught:
        resolve_data_path("gone.csv", str(tmp_path))
    assert caught.value.missing_path == str(tmp_path / "gone.csv")
