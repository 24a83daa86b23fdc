"""Figures as people read them: counts, bytes, durations, rates. Knows no widget."""

from __future__ import annotations

import math

from dlstudio.training.metrics.metric_names import is_percentage

_SI_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_BYTES = ("B", "KiB", "MiB", "GiB", "TiB")
NARROW_SPACE = "\u202f"


def format_integer(number: float) -> str:
    """Return a whole number in groups of three: `9 472`."""
    return f"{round(number):,}".replace(",", NARROW_SPACE)


def format_si(number: float) -> str:
    """Return a count in three figures: `113 k`, `4.6 M`; below ten thousand it stays whole."""
    if abs(number) < 10_000:
        return format_integer(number)
    for size, prefix in _SI_PREFIXES:
        if abs(number) >= size:
            return f"{format_3_digits(number / size)} {prefix}"
    return format_integer(number)


def format_bytes(count: float) -> str:
    """Return bytes in binary units: `49 KiB`."""
    size = float(count)
    for unit in _BYTES:
        if size < 1024 or unit == _BYTES[-1]:
            break
        size /= 1024
    return f"{format_3_digits(size)} {unit}" if unit != "B" else f"{round(size)} B"


def format_duration(seconds: float) -> str:
    """Return a time as minutes and seconds, `0:06`, or with hours, `1:02:03`."""
    if not math.isfinite(seconds):
        return "…"
    total = max(0, round(seconds))
    hours, minutes = divmod(total // 60, 60)
    if hours:
        return f"{hours}:{minutes:02}:{total % 60:02}"
    return f"{minutes}:{total % 60:02}"


def format_milliseconds(number: float) -> str:
    """Return a short time: `2.4 ms`, `0.11 ms`, `56 µs` below a tenth."""
    if number < 0.1:
        return f"{format_3_digits(1000 * number)} µs"
    return f"{format_3_digits(number)} ms"


def format_3_digits(number: float) -> str:
    """Return three significant figures without an exponent: `4.61`, `49`, `113`."""
    if number >= 100:
        return f"{number:.0f}"
    if 0 < number < 0.1:
        return format_float(float(f"{number:.2g}"))
    text = f"{number:.2f}" if number < 10 else f"{number:.1f}"
    return text.rstrip("0").rstrip(".")


def format_float(number: float) -> str:
    """Return a setting's real number without noise: `0.001`, `2e-5`, `0.9`."""
    if number == 0:
        return "0"
    if 1e-3 <= abs(number) < 1e6:
        return f"{number:.10g}"
    mantissa, exponent = f"{number:.6e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def format_metric(name: str, value: float) -> str:
    """Return a figure as its kind is read: an accuracy in per cent, else in four digits at most."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinite"
    if is_percentage(name):
        return f"{100 * value:.1f} %"
    size = abs(value)
    if size >= 9_999.5:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    if size >= 0.001 or value == 0:
        digits = 3 if size < 9.9995 else 2 if size < 99.995 else 1 if size < 999.95 else 0
        return f"{value:.{digits}f}"
    return format_float(float(f"{value:.2e}"))
