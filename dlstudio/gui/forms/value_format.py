"""Formats a setting's value as text and parses it. Imports no widget."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dlstudio.design.model.references import resolve_refs
from dlstudio.design.model.values import Ref, Value
from dlstudio.gui.widgets.number_format import format_float
from dlstudio.layers.framework.settings import Integer, IntegerList, Real, Setting, Text

_DIGITS = r"\d{1,18}"
"""Digits of a number that a design can store."""
_REF = re.compile(
    rf"(?:(?P<before>{_DIGITS})\s*[×*]\s*)?(?P<name>[A-Za-z_]\w*)"
    rf"(?:\s*[×*]\s*(?P<times>{_DIGITS}))?(?:\s*[÷/]\s*(?P<divide>{_DIGITS}))?"
)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,\s\u202f]\d{3})+")
"""An integer with its digits in groups of three: `1,000`."""
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
"""A thousand in some languages, and a number just above one in others."""
_SEPARATOR = re.compile(r"\s*[×x,;]\s*|\s+")


def format_value(value: Value) -> str:
    """Return a value as a field shows it: `16`, `3 × 3`, `classes`, empty for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Ref):
        return _format_ref(value)
    if isinstance(value, float):
        return format_float(value)
    if isinstance(value, tuple):
        return " × ".join(format_value(item) for item in value)
    return str(value)


def setting_text(value: Value, setting: Setting) -> str:
    """Return a setting's value as its field shows it; a special minimum by its name."""
    if isinstance(setting, Integer) and setting.special and value == setting.minimum:
        return setting.special
    return format_value(value)


def read_value(text: str, setting: Setting, names: Mapping[str, int]) -> Value:
    """Parse `text` and validate the value by the declaration.

    `names` are the numbers that a `Ref` may use.

    Raises:
        ValueError: The text is invalid; the message says why.
    """
    if isinstance(setting, Integer) and setting.special and text.strip() in {"", setting.special}:
        return setting.minimum
    value = _read(text.strip(), setting)
    try:
        resolved = resolve_refs(value, names)
    except ValueError as error:
        raise ValueError(f"{setting.title}: {error}") from error
    parsed: Value = setting.parse(resolved)
    return value if has_ref(value) else parsed


def has_ref(value: Value) -> bool:
    """Whether a value contains a `Ref`."""
    if isinstance(value, tuple):
        return any(has_ref(item) for item in value)
    return isinstance(value, Ref)


def option_label(option: str) -> str:
    """Return the label of a stored option: `he_normal` becomes `He normal`."""
    spaced = option.replace("_", " ").replace("-", " ")
    return _OPTION_LABELS.get(option, spaced[:1].upper() + spaced[1:])


_OPTION_LABELS = {
    "he_normal": "He normal",
    "he_uniform": "He uniform",
    "default": "default",
    "same": "same",
    "valid": "valid",
    "zeros": "zeros",
    "none": "none",
    "rgb": "colour",
    "cpu": "CPU",
    "cuda": "CUDA (NVIDIA GPU)",
    "mps": "MPS (Apple GPU)",
    "auto": "Automatic",
}


def _format_ref(ref: Ref) -> str:
    text = ref.name
    if ref.times != 1:
        text += f" × {ref.times}"
    if ref.divide != 1:
        text += f" ÷ {ref.divide}"
    return text


def _read(text: str, setting: Setting) -> Value:
    if isinstance(setting, Text):
        return text
    if not text:
        if getattr(setting, "optional", False):
            return None
        raise ValueError(f"{setting.title} must not be empty")
    if isinstance(setting, IntegerList):
        return _read_sizes(text, setting)
    if isinstance(setting, Real):
        return _read_float(text, setting)
    if isinstance(setting, Integer):
        return _read_integer(text, setting)
    return text


def _read_integer(text: str, setting: Setting) -> Value:
    digits = text
    if _GROUPED.fullmatch(text):
        digits = re.sub(r"[\s,]", "", text)
    if re.fullmatch(rf"[+-]?{_DIGITS}", digits):
        return int(digits)
    if (ref := _read_ref(text)) is not None:
        return ref
    if re.fullmatch(r"[+-]?\d+", digits):
        raise ValueError(f"{setting.title} has more than 18 digits")
    raise ValueError(f"{setting.title} must be an integer, not “{text}”")


def _read_float(text: str, setting: Setting) -> Value:
    if _AMBIGUOUS.fullmatch(text):
        whole, decimals = text.replace(",", ""), text.replace(",", ".")
        raise ValueError(f"{setting.title}: write {whole} or {decimals}, not “{text}”")
    try:
        return float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        raise ValueError(f"{setting.title} must be a number, not “{text}”") from None


def _read_sizes(text: str, setting: IntegerList) -> Value:
    if text in setting.words:
        return text
    sizes = tuple(
        _read_integer(item, setting) for item in _SEPARATOR.split(text.strip("()[] ")) if item
    )
    if len(sizes) == 1 and setting.count > 1:
        sizes *= setting.count
    return sizes


def _read_ref(text: str) -> Ref | None:
    match = _REF.fullmatch(text)
    if match is None:
        return None
    times = int(match["before"] or 1) * int(match["times"] or 1)
    return Ref(match["name"], times, int(match["divide"] or 1))
