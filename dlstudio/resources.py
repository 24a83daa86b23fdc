"""Finds the files that ship with dlstudio, in a checkout, a wheel or a frozen build."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder: `resource("examples", "digits-mlp.dlstudio")`.

    Raises:
        FileNotFoundError: No such file ships with dlstudio.
    """
    for root in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"dlstudio ships no file {'/'.join(parts)!r}")
