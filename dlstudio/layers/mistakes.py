"""Public API for packages that add layers: earlier names of `layers.framework.layer_problems`."""

from __future__ import annotations

from dlstudio.layers.framework.layer_problems import ALL_DTYPES as ANY
from dlstudio.layers.framework.layer_problems import INTEGER_DTYPES as WHOLE_TYPES
from dlstudio.layers.framework.layer_problems import MAX_ELEMENTS as LARGEST
from dlstudio.layers.framework.layer_problems import (
    REMOVE,
    change,
    insert,
    setting_error,
    too_large,
    wrong_dtype,
)
from dlstudio.layers.framework.layer_problems import dtype_text as plain_dtype
from dlstudio.layers.framework.layer_problems import insert_on_wires as insert_many
from dlstudio.layers.framework.layer_problems import layer_error as error
from dlstudio.layers.framework.layer_problems import layer_hint as hint
from dlstudio.layers.framework.layer_problems import shape_text as by

__all__ = [
    "ANY",
    "LARGEST",
    "REMOVE",
    "WHOLE_TYPES",
    "by",
    "change",
    "error",
    "hint",
    "insert",
    "insert_many",
    "plain_dtype",
    "setting_error",
    "too_large",
    "wrong_dtype",
]
