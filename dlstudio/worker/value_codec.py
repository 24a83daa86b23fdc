"""Encodes frozen values as JSON plus a mapping of arrays, without pickle."""

from __future__ import annotations

import dataclasses
import importlib
import math
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]
_DTYPES = "biuf"
_TEXT_CODEC = ("utf-8", "surrogatepass")
_LONG_TEXT = 1_000_000
"""Longer texts become arrays of bytes, which are faster than JSON."""
_MANY = 100
"""Number of items from which on a sequence is written in a shorter form."""


def encode(value: Any, arrays: Arrays) -> Any:
    """Return a value as JSON; its arrays are added to `arrays`.

    Args:
        value: None, strings, numbers, numeric arrays, tuples, mappings with string or integer
            keys, and frozen dataclasses of these.
        arrays: Receives the arrays by the names used in the result.

    Raises:
        TypeError: The value contains an unsupported type.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    array = _to_array(value)
    if array is not None:
        name = str(len(arrays))
        arrays[name] = array
        return {"array": name, "text": True} if isinstance(value, str) else {"array": name}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (tuple, list)):
        return _encode_items(value, arrays)
    if isinstance(value, Mapping) and all(isinstance(key, (str, int)) for key in value):
        return {"mapping": [[key, encode(item, arrays)] for key, item in value.items()]}
    if _is_frozen_dataclass(type(value)):
        fields = {name: encode(getattr(value, name), arrays) for name in _field_names(type(value))}
        return {"type": _type_name(type(value)), "fields": fields}
    raise TypeError(f"The worker cannot return a value of type {type(value).__name__}.")


def _to_array(value: Any) -> npt.NDArray[Any] | None:
    """Return an array, or a long text as bytes; None for what is not stored as an array."""
    if isinstance(value, str) and len(value) > _LONG_TEXT:
        return np.frombuffer(value.encode(*_TEXT_CODEC), np.uint8)
    if isinstance(value, np.ndarray) and value.dtype.kind in _DTYPES:
        return np.array(value, order="C")
    return None


def _encode_items(items: Sequence[Any], arrays: Arrays) -> Any:
    """Encode a sequence; many numbers as an array, many values of one type without their names."""
    kinds = set(map(type, items)) if len(items) >= _MANY else set()
    if kinds == {int}:
        with suppress(OverflowError):
            return {"integers": encode(np.array(items, np.int64), arrays)["array"]}
    if len(kinds) == 1 and _is_frozen_dataclass(kind := kinds.pop()):
        names = _field_names(kind)
        rows = [[encode(getattr(item, name), arrays) for name in names] for item in items]
        return {"records": _type_name(kind), "names": names, "rows": rows}
    return {"tuple": [encode(item, arrays) for item in items]}


def decode(tree: Any, arrays: Mapping[str, npt.NDArray[Any]], packages: Collection[str]) -> Any:
    """Return the value encoded by `encode`; its arrays are read-only.

    Args:
        tree: The JSON value returned by `encode`.
        arrays: The arrays by name.
        packages: Top-level packages whose frozen dataclasses may be created.

    Raises:
        ValueError: `encode` cannot have returned this value.
    """
    if not isinstance(tree, dict):
        return tree
    match tree:
        case {"float": str(text)}:
            return float(text)
        case {"array": str(name), **form}:
            array = arrays[name]
            array.setflags(write=False)
            return array.tobytes().decode(*_TEXT_CODEC) if form else array
        case {"tuple": _} | {"integers": _} | {"records": _}:
            return _decode_items(tree, arrays, packages)
        case {"mapping": list(pairs)}:
            return {key: decode(item, arrays, packages) for key, item in pairs}
        case {"type": str(name), "fields": dict(fields)}:
            values = {key: decode(item, arrays, packages) for key, item in fields.items()}
            return _dataclass(name, packages)(**values)
    raise ValueError(f"The worker returned an unknown value with the keys {sorted(tree)}.")


def _decode_items(
    tree: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]], packages: Collection[str]
) -> tuple[Any, ...]:
    if "integers" in tree:
        return tuple(arrays[tree["integers"]].tolist())
    if "tuple" in tree:
        return tuple(decode(item, arrays, packages) for item in tree["tuple"])
    make, names = _dataclass(tree["records"], packages), tree["names"]
    rows = ([decode(item, arrays, packages) for item in row] for row in tree["rows"])
    return tuple(make(**dict(zip(names, row, strict=True))) for row in rows)


def _field_names(kind: type[Any]) -> list[str]:
    return [field.name for field in dataclasses.fields(kind) if field.init]


def _type_name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _dataclass(name: str, packages: Collection[str]) -> type[Any]:
    module, _, qualified_name = name.partition(":")
    target: Any = None
    if module.partition(".")[0] in packages:
        target = importlib.import_module(module)
        for part in qualified_name.split("."):
            target = getattr(target, part, None)
    if not (isinstance(target, type) and _is_frozen_dataclass(target)):
        raise ValueError(f"The worker returned {name!r}, which is not a known frozen dataclass.")
    return target


def _is_frozen_dataclass(kind: type) -> bool:
    parameters = getattr(kind, "__dataclass_params__", None)
    return parameters is not None and bool(parameters.frozen)
