"""Adding and removing the desktop entry, and quoting of its command."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux desktops only")


def integrate(home: Path, *options: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "HOME": str(home),
    }
    return subprocess.run(
        [sys.executable, str(root / "packaging" / "integrate.py"), *options],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )


def entry_of(home: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters="=")
    parser.optionxform = str
    parser.read(home / "share" / "applications" / "dlstudio.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def exec_arguments(value: str) -> list[str]:
    """Parse an `Exec` value like a desktop: first the string escapes, then the quotes."""
    text, arguments, index = value.replace("\\\\", "\\"), [], 0
    while index < len(text):
        if text[index] == '"':
            index, word = index + 1, ""
            while text[index] != '"':
                index += text[index] == "\\"
                word += text[index]
                index += 1
            arguments.append(word.replace("%%", "%"))
        elif text[index] != " ":
            word = text[index:].split(" ")[0]
            arguments.append(word)
            index += len(word) - 1
        index += 1
    return arguments


def test_adding_writes_entry_mime_type_and_icon(tmp_path: Path) -> None:
    integrate(tmp_path)
    entry = entry_of(tmp_path)
    studio = str(ROOT / "packaging" / "studio.py")
    assert exec_arguments(entry["Exec"]) == [sys.executable, studio, "%f"]
    assert "application/x-dlstudio" in entry["MimeType"].split(";")
    types = ElementTree.parse(tmp_path / "share" / "mime" / "packages" / "dlstudio.xml")
    patterns = {glob.get("pattern") for glob in types.iter() if glob.tag.endswith("glob")}
    assert patterns == {"*.dlstudio", "*.dlstudioz"}
    icon = tmp_path / "share/icons/hicolor/scalable/apps/dlstudio.svg"
    assert icon.read_bytes() == (ROOT / "resources/icons/dlstudio.svg").read_bytes()


def test_removing_deletes_all_files_and_can_be_repeated(tmp_path: Path) -> None:
    added = integrate(tmp_path).stdout.splitlines()
    integrate(tmp_path)
    paths = [Path(line.removeprefix("added ")) for line in added]
    assert len(paths) == 3
    assert all(path.exists() for path in paths)
    integrate(tmp_path, "--remove")
    assert not any(path.exists() for path in paths)
    assert integrate(tmp_path, "--remove").stdout == ""


@pytest.mark.skipif(not shutil.which("xdg-mime"), reason="needs xdg-utils")
def test_removing_keeps_other_default_applications(tmp_path: Path) -> None:
    defaults = tmp_path / "config" / "mimeapps.list"
    defaults.parent.mkdir()
    original = "[Default Applications]\ntext/plain=editor.desktop\n"
    defaults.write_text(original, encoding="utf-8")
    integrate(tmp_path)
    assert "dlstudio.desktop" in defaults.read_text(encoding="utf-8")
    integrate(tmp_path, "--remove")
    lines = [line for line in defaults.read_text(encoding="utf-8").splitlines() if line]
    assert lines == original.splitlines()


def test_folder_names_with_special_characters_are_quoted(tmp_path: Path) -> None:
    root = tmp_path / 'it\'s 100 % "new" $HOME `x` \\ ü'
    shutil.copytree(ROOT / "packaging", root / "packaging")
    (root / "resources" / "icons").mkdir(parents=True)
    shutil.copy(ROOT / "resources/icons/dlstudio.svg", root / "resources/icons")
    integrate(tmp_path, root=root)
    studio = str(root / "packaging" / "studio.py")
    assert exec_arguments(entry_of(tmp_path)["Exec"])[1] == studio


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="needs desktop-file-utils")
def test_desktop_entry_is_valid(tmp_path: Path) -> None:
    integrate(tmp_path)
    entry = tmp_path / "share" / "applications" / "dlstudio.desktop"
    subprocess.run(["desktop-file-validate", str(entry)], check=True)
