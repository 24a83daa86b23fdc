"""Encodes frozen values as JSON plus a mapping of arrays, without pickle."""

from __future__ import annotations

import dataclasses
import importlib
import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]
_DTYPES = "biuf"
_TEXT_CODEC = ("utf-8", "surrogatepass")
_LONG_TEXT = 1_000_000
"""Longer texts become arrays of bytes, which are faster than JSON."""


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
        return {"tuple": [encode(item, arrays) for item in value]}
    if isinstance(value, Mapping) and all(isinstance(key, (str, int)) for key in value):
        return {"mapping": [[key, encode(item, arrays)] for key, item in value.items()]}
    if _is_frozen_dataclass(type(value)):
        fields = {
            field.name: encode(getattr(value, field.name), arrays)
            for field in dataclasses.fields(value)
            if field.init
        }
        return {"type": f"{type(value).__module__}:{type(value).__qualname__}", "fields": fields}
    raise TypeError(f"The worker cannot return a value of type {type(value).__name__}.")


def _to_array(value: Any) -> npt.NDArray[Any] | None:
    """Return an array, or a long text as bytes; None for what is not stored as an array."""
    if isinstance(value, str) and len(value) > _LONG_TEXT:
        return np.frombuffer(value.encode(*_TEXT_CODEC), np.uint8)
    if isinstance(value, np.ndarray) and value.dtype.kind in _DTYPES:
        return np.array(value, order="C")
    return None


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
        case {"tuple": list(items)}:
            return tuple(decode(item, arrays, packages) for item in items)
        case {"mapping": list(pairs)}:
            return {key: decode(item, arrays, packages) for key, item in pairs}
        case {"type": str(name), "fields": dict(fields)}:
            values = {key: decode(item, arrays, packages) for key, item in fields.items()}
            return _dataclass(name, packages)(**values)
    raise ValueError(f"The worker returned an unknown value with the keys {sorted(tree)}.")


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
