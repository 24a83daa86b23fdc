"""Converts frozen dataclasses to JSON values and back.

The annotations determine how, so that a field is declared once. File content is never trusted.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from dlstudio.design.model.values import MAX_DEPTH, Ref, check_number, check_text
from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.json_text import quoted

REF = "$ref"
_TYPE_NAMES: Mapping[type, str] = {
    bool: "true or false",
    int: "an integer",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "an object",
    type(None): "nothing",
}


def to_json_value(value: Any) -> Any:
    """Return a value of the document as JSON represents it."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Ref):
        return {REF: value.name, "times": value.times, "divide": value.divide}
    if isinstance(value, Mapping):
        return {_escape(key): to_json_value(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_json_value(part) for part in value]
    return {
        field.name: to_json_value(getattr(value, field.name)) for field in dataclasses.fields(value)
    }


def from_json_value(hint: Any, plain: Any, where: str) -> Any:
    """Return a JSON value as the annotated type.

    Raises:
        FileError: The type is wrong; the text names the location `where`.
    """
    origin, options = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return _read_union(options, plain, where)
    if origin is tuple:
        return _read_tuple(options, plain, where)
    if origin is not None:
        check_type(plain, dict, where)
        return {
            read_text(_unescape(key), where): from_json_value(options[1], part, f"{where}.{key}")
            for key, part in plain.items()
        }
    if dataclasses.is_dataclass(hint):
        return read_dataclass(hint, plain, where)
    return _read_scalar(hint, plain, where)


def read_dataclass(kind: Any, plain: Any, where: str, **known_fields: Any) -> Any:
    """Return a dataclass read from a JSON object; missing fields get their defaults.

    Unknown names are dropped. Fields in `known_fields` are not read.
    """
    check_type(plain, dict, where)
    values = dict(known_fields)
    for name, hint in field_hints(kind).items():
        if name not in known_fields and name in plain:
            values[name] = from_json_value(hint, plain[name], f"{where}.{name}" if where else name)
    try:
        return kind(**values)
    except TypeError as error:
        raise FileError(f"{where} is incomplete") from error


def read_value(plain: Any, where: str, depth: int = 0) -> Any:
    """Return a setting's value: a literal, a list as a tuple, or a `Ref`."""
    if depth > MAX_DEPTH:
        raise FileError(f"{where} is nested too deeply")
    if isinstance(plain, list):
        return tuple(read_value(part, where, depth + 1) for part in plain)
    if isinstance(plain, dict):
        if REF in plain:
            return _read_ref(plain, where)
        return {
            read_text(_unescape(key), where): read_value(part, where, depth + 1)
            for key, part in plain.items()
        }
    return plain if plain is None else _read_scalar(type(plain), plain, where)


def read_text(plain: Any, where: str) -> str:
    """Return text that can be displayed and saved."""
    check_type(plain, str, where)
    try:
        check_text(plain)
    except ValueError as error:
        raise FileError(f"{where}: {error}") from error
    return str(plain)


def check_type(plain: Any, kind: type, where: str) -> None:
    """Raise FileError if a value is not of this type."""
    if not isinstance(plain, kind) or (isinstance(plain, bool) and kind is not bool):
        actual = _TYPE_NAMES.get(type(plain), type(plain).__name__)
        raise FileError(f"{quoted(where)} must be {_TYPE_NAMES[kind]}, not {actual}")


@cache
def field_hints(kind: type) -> Mapping[str, Any]:
    """Return a dataclass's resolved annotations by field name."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _read_scalar(hint: Any, plain: Any, where: str) -> Any:
    if hint is str:
        return read_text(plain, where)
    if hint is bool:
        check_type(plain, bool, where)
        return plain
    if hint is float and isinstance(plain, int):
        check_type(plain, int, where)
    else:
        check_type(plain, hint, where)
    try:
        check_number(plain)
    except ValueError as error:
        raise FileError(f"{quoted(where)}: {error}") from error
    return hint(plain)


def _read_union(options: tuple[Any, ...], plain: Any, where: str) -> Any:
    if Ref in options:
        return read_value(plain, where)
    if plain is None:
        return None
    (hint,) = (option for option in options if option is not type(None))
    return from_json_value(hint, plain, where)


def _read_tuple(options: tuple[Any, ...], plain: Any, where: str) -> tuple[Any, ...]:
    check_type(plain, list, where)
    if options[-1] is Ellipsis:
        options = (options[0],) * len(plain)
    if len(plain) != len(options):
        raise FileError(f"{quoted(where)} must have {len(options)} values, not {len(plain)}")
    pairs = enumerate(zip(options, plain, strict=True))
    return tuple(
        from_json_value(hint, part, f"{where}[{number}]") for number, (hint, part) in pairs
    )


def _read_ref(plain: dict[str, Any], where: str) -> Ref:
    name = read_text(plain[REF], where)
    times = _read_scalar(int, plain.get("times", 1), where)
    return Ref(name, times, _read_scalar(int, plain.get("divide", 1), where))


def _escape(key: str) -> str:
    return f"${key}" if key.startswith("$") else key


def _unescape(key: str) -> str:
    return key.removeprefix("$")
