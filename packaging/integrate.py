"""Adds dlstudio to the user's Linux desktop (menu entry, icon, file type), or removes it.

    python3 packaging/integrate.py [--remove]

A double click on a design then opens it. Writes below `$XDG_DATA_HOME` (by default
`~/.local/share`), adds dlstudio to the list of default applications, and follows the
freedesktop.org specifications for desktop entries, icons and shared MIME information.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap import ROOT

TEMPLATES = ROOT / "packaging" / "linux"
ICON = ROOT / "resources" / "icons" / "dlstudio.svg"
MIME_TYPES = ("application/x-dlstudio", "application/x-dlstudio-bundle")
ENTRY = "dlstudio.desktop"


def main() -> int:
    """Add or remove the desktop entry; return 1 if this is not possible."""
    parser = argparse.ArgumentParser(description="Add dlstudio to your Linux desktop.")
    parser.add_argument("--remove", action="store_true", help="remove it again")
    arguments = parser.parse_args()
    if not sys.platform.startswith("linux"):
        print("integrate: desktop entries exist on Linux only", file=sys.stderr)
        return 1
    try:
        if arguments.remove:
            remove()
        else:
            add()
    except OSError as error:
        print(f"integrate: {error.filename} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    refresh()
    return 0


def data_home() -> Path:
    """Return the user's desktop data folder."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def files() -> dict[Path, str]:
    """Return the files to write with their content."""
    entry = (TEMPLATES / ENTRY).read_text(encoding="utf-8").replace("@COMMAND@", command())
    return {
        data_home() / "applications" / ENTRY: entry,
        data_home() / "mime" / "packages" / "dlstudio.xml": _text(TEMPLATES / "dlstudio.xml"),
        data_home() / "icons" / "hicolor" / "scalable" / "apps" / "dlstudio.svg": _text(ICON),
    }


def command() -> str:
    """Return the start command, quoted as the Desktop Entry Specification requires."""
    return " ".join(map(quoted, (sys.executable, str(ROOT / "packaging" / "studio.py"))))


def quoted(argument: str) -> str:
    """Return one argument of an `Exec` line.

    Inside quotes, `"`, backquote, `$` and backslash are escaped by a backslash; the file format
    then doubles every backslash, and `%` is always doubled.
    """
    escaped = re.sub(r'(["`$\\])', r"\\\1", argument).replace("\\", "\\\\").replace("%", "%%")
    return f'"{escaped}"'


def add() -> None:
    """Write the files and make dlstudio the default application of its file types."""
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"added {path}")
    _run("xdg-mime", "default", ENTRY, *MIME_TYPES)


def remove() -> None:
    """Delete the files of `add` and dlstudio's entries in the default applications."""
    for path in files():
        if path.exists():
            path.unlink()
            print(f"removed {path}")
    defaults = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "mimeapps.list"
    if defaults.exists():
        ours = {f"{mime_type}={ENTRY}" for mime_type in MIME_TYPES}
        lines = _text(defaults).splitlines(keepends=True)
        kept = "".join(line for line in lines if line.strip().rstrip(";") not in ours)
        defaults.write_text(kept, encoding="utf-8")


def refresh() -> None:
    """Rebuild the desktop's caches, as far as the tools are installed."""
    _run("update-mime-database", str(data_home() / "mime"))
    _run("update-desktop-database", str(data_home() / "applications"))
    _run("gtk-update-icon-cache", "--ignore-theme-index", str(data_home() / "icons" / "hicolor"))


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program):
        subprocess.run([program, *arguments], check=False, capture_output=True)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
