"""Formats numbers for display: counts, bytes, durations. Imports no widget."""

from __future__ import annotations

import math

_SI_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_BYTES = ("B", "KiB", "MiB", "GiB", "TiB")
NARROW_SPACE = "\u202f"


def format_integer(number: float) -> str:
    """Return an integer with grouped digits: `9 472`."""
    return f"{round(number):,}".replace(",", NARROW_SPACE)


def format_si(number: float) -> str:
    """Return a count with an SI prefix: `113 k`, `4.6 M`; below ten thousand all digits."""
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
    """Return seconds as `0:06`, or with hours as `1:02:03`; `…` if not finite."""
    if not math.isfinite(seconds):
        return "…"
    total = max(0, round(seconds))
    hours, minutes = divmod(total // 60, 60)
    if hours:
        return f"{hours}:{minutes:02}:{total % 60:02}"
    return f"{minutes}:{total % 60:02}"


def format_about(seconds: float) -> str:
    """Return a rough duration: `0.3 s`, `4 s`, `25 s`, `3 min`, `1.5 h`."""
    if seconds < 0.95:
        return f"{max(seconds, 0.1):.1f} s"
    if seconds < 9.5:
        return f"{round(seconds)} s"
    if seconds < 58:
        return f"{5 * round(seconds / 5)} s"
    if seconds < 58 * 60:
        return f"{max(round(seconds / 60), 1)} min"
    return f"{seconds / 3600:.1f} h"


def format_milliseconds(number: float) -> str:
    """Return milliseconds as `2.4 ms` or `0.11 ms`, below 0.1 ms as `56 µs`."""
    if number < 0.1:
        return f"{format_3_digits(1000 * number)} µs"
    return f"{format_3_digits(number)} ms"


def format_3_digits(number: float) -> str:
    """Return three significant digits without an exponent: `4.61`, `49`, `113`."""
    if number >= 100:
        return f"{number:.0f}"
    if 0 < number < 0.1:
        return format_float(float(f"{number:.2g}"))
    text = f"{number:.2f}" if number < 10 else f"{number:.1f}"
    return text.rstrip("0").rstrip(".")


def format_value(number: float, digits: int = 4) -> str:
    """Return any float with `digits` significant digits, without -0; a dash for NaN."""
    if not math.isfinite(number):
        return "–" if math.isnan(number) else "∞" if number > 0 else "−∞"
    return f"{number or 0.0:.{digits}g}".replace("-", "−")


def format_float(number: float) -> str:
    """Return a float in its shortest form: `0.001`, `2e-5`, `0.9`."""
    if number == 0:
        return "0"
    if 1e-3 <= abs(number) < 1e6:
        return f"{number:.10g}"
    mantissa, exponent = f"{number:.6e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
