"""Parses JSON strictly, and formats it with sorted keys and stable line breaks."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from dlstudio.design.storage.errors import FileError

MAX_LINE_WIDTH = 96
"""An object or array of at most this many characters is written on one line."""


def parse_json(text: str) -> Any:
    """Return the values of a JSON text.

    Raises:
        FileError: Invalid JSON, a duplicate key, NaN or Infinity, nested too deeply, or a number
            with too many digits.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique_object, parse_constant=_reject_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FileError(f"it is damaged: {error.msg} at {where}") from error
    except RecursionError as error:
        raise FileError("it is nested too deeply") from error
    except ValueError as error:
        raise FileError("it contains a number with too many digits") from error


def format_json(values: Any) -> str:
    """Return values as JSON text with sorted keys, small objects on one line.

    Raises:
        FileError: A value that JSON cannot represent.
    """
    try:
        return _format_value(values, 0, 0) + "\n"
    except (TypeError, ValueError) as error:
        raise FileError(f"the design contains a value that cannot be written: {error}") from error


def _unique_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        duplicate = next(name for name in names if names.count(name) > 1)
        raise FileError(f"{quoted(duplicate)} occurs twice")
    return result


def _reject_constant(word: str) -> NoReturn:
    raise FileError(f"{word} is not a finite number")


def quoted(text: str) -> str:
    """Return text from a file for use in a message: quoted, on one line, shortened."""
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _format_value(value: Any, depth: int, lead: int) -> str:
    if not isinstance(value, (dict, list)) or not value:
        return _one_line_json(value)
    if _is_small(value):
        line = _one_line_json(value)
        if len(line) + 2 * depth + lead <= MAX_LINE_WIDTH:
            return line
    inner = "  " * (depth + 1)
    if isinstance(value, dict):
        names = {name: json.dumps(name, ensure_ascii=False) + ": " for name in sorted(value)}
        parts = [n + _format_value(value[name], depth + 1, len(n)) for name, n in names.items()]
        opening, closing = "{}"
    else:
        parts = [_format_value(part, depth + 1, 0) for part in value]
        opening, closing = "[]"
    body = f",\n{inner}".join(parts)
    return f"{opening}\n{inner}{body}\n{'  ' * depth}{closing}"


def _is_small(value: dict[str, Any] | list[Any]) -> bool:
    return len(value) <= 12


def _one_line_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)
