"""Decodes bytes as text: UTF-8, UTF-16 or Windows-1252, tolerating damage. Imports no torch."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass, replace

UTF_8, UTF_16, UTF_32, WINDOWS = "UTF-8", "UTF-16", "UTF-32", "Windows-1252"

_REPLACEMENT = "\ufffd"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32-le", UTF_32),
    (codecs.BOM_UTF32_BE, "utf-32-be", UTF_32),
    (codecs.BOM_UTF16_LE, "utf-16-le", UTF_16),
    (codecs.BOM_UTF16_BE, "utf-16-be", UTF_16),
)
_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1a\x1b"))
_CONTROL_CHARACTERS = re.compile("[\0-\x08\x0e-\x19\x1c-\x1f\x7f]")
_UNASSIGNED = b"\x81\x8d\x8f\x90\x9d"
"""Bytes that Windows-1252 has no character for."""
_MAX_STRAY_SHARE = 0.01
"""Largest share of such bytes and of control characters in valid text."""
_ESCAPED = re.compile("[\udc80-\udcff]+")
_CUT_END = re.compile("[\udc80-\udcff]{1,3}\\Z")
"""Invalid bytes as `surrogateescape` decodes them, and an incomplete character at the end."""
_HIGH_BYTES = bytes(range(0x80, 0x100))
_SEPARATORS = " \n\r\t\u3000\u3001\u3002\uff0c"
_MIN_SEPARATOR_SHARE = 0.005
_SAMPLE = 20_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class DecodedText:
    r"""A text with `\n` line endings.

    Attributes:
        encoding: Its name for the user.
        has_mark: Whether a byte order mark names the encoding.
        replaced: Number of invalid bytes or characters that became U+FFFD.
        first_line: Line of the first one, counted from 1; 0 if there is none.
    """

    text: str
    encoding: str
    has_mark: bool = False
    replaced: int = 0
    first_line: int = 0

    def up_to_last_line(self) -> DecodedText:
        """Return the text up to its last line break; all of it if it has none."""
        end = self.text.rfind("\n") + 1
        return replace(self, text=self.text[:end]) if end else self

    def warnings(self, name: str) -> tuple[str, ...]:
        """Return a line if the encoding was guessed, and one if something was replaced."""
        lines = []
        if self.encoding == WINDOWS:
            lines.append(f"{name} is read as Windows-1252, because it is not valid UTF-8.")
        elif self.encoding != UTF_8 and not self.has_mark:
            lines.append(f"{name} is read as {self.encoding}; it has no byte order mark.")
        if self.replaced:
            number = f"{self.replaced:,} invalid byte{'' if self.replaced == 1 else 's'}"
            place = f"{'' if self.replaced == 1 else 'the first '}in line {self.first_line:,}"
            lines.append(f"{name}: {number} replaced by {_REPLACEMENT}, {place}.")
        return tuple(lines)


def decode_text(content: bytes, *, is_cut: bool = False) -> DecodedText | None:
    """Return the text, or None if the bytes are not text in a supported encoding.

    Without a byte order mark, UTF-16 is recognised by its spaces and line breaks, and UTF-8 by more
    valid than invalid sequences of several bytes. All else is Windows-1252.

    Args:
        content: The bytes.
        is_cut: Whether they are the start of a longer text: a last character that is incomplete
            is dropped.
    """
    for mark, codec, encoding in _MARKS:
        if content.startswith(mark):
            return _decode_marked(content[len(mark) :], codec, encoding, is_cut=is_cut)
    codec = _guess_utf_16(content)
    if codec:
        text = _decode_units(content, codec, is_cut=is_cut)
        if _looks_like_text(text):
            return _finish(text, UTF_16)
    return _decode_bytes(content, is_cut=is_cut)


def _decode_marked(
    content: bytes, codec: str, encoding: str, *, is_cut: bool
) -> DecodedText | None:
    if codec == "utf-8":
        return _decode_bytes(content, is_cut=is_cut, has_mark=True)
    text = _decode_units(content, codec, is_cut=is_cut)
    stray = text.count("\0") + text.count(_REPLACEMENT)
    if stray > _MAX_STRAY_SHARE * len(text) + 1:
        return None
    return _finish(text, encoding, has_mark=True)


def _decode_units(content: bytes, codec: str, *, is_cut: bool) -> str:
    """Decode UTF-16 or UTF-32, with a replacement character for each invalid unit."""
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    return decoder.decode(content, final=not is_cut)


def _guess_utf_16(content: bytes) -> str:
    """Return the codec of UTF-16 without a mark, empty if the bytes do not suggest it."""
    if _share(content, _CONTROL_BYTES) <= _MAX_STRAY_SHARE:
        return ""
    shares = {codec: _separator_share(content, codec) for codec in ("utf-16-le", "utf-16-be")}
    codec = max(shares, key=lambda codec: shares[codec])
    return codec if shares[codec] >= _MIN_SEPARATOR_SHARE else ""


def _separator_share(content: bytes, codec: str) -> float:
    """Return the share of spaces, line breaks and CJK punctuation in the first characters."""
    text = content[: 2 * _SAMPLE].decode(codec, errors="replace")
    return sum(map(text.count, _SEPARATORS)) / max(len(text), 1)


def _looks_like_text(text: str) -> bool:
    """Whether almost all characters are assigned, and none of them control the output."""
    sample = text[:_SAMPLE]
    stray = sum(unicodedata.category(character) in {"Cn", "Co", "Cs"} for character in sample)
    stray += len(_CONTROL_CHARACTERS.findall(sample)) + sample.count(_REPLACEMENT)
    return stray <= _MAX_STRAY_SHARE * len(sample) + 1


def _decode_bytes(content: bytes, *, is_cut: bool, has_mark: bool = False) -> DecodedText | None:
    """Decode UTF-8 or, if it is not, Windows-1252."""
    if _share(content, _CONTROL_BYTES) > _MAX_STRAY_SHARE:
        return None
    try:
        return _finish(content.decode("utf-8"), UTF_8, has_mark=has_mark, replaced=0)
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="surrogateescape")
    if is_cut:
        text = _CUT_END.sub("", text)
    runs = _ESCAPED.findall(text)
    invalid = sum(map(len, runs))
    valid = len(text) - invalid - len(content.translate(None, _HIGH_BYTES))
    ends_inside = len(runs) == 1 and invalid > 1 and text.endswith(runs[0])
    if not runs or has_mark or valid > len(runs) or ends_inside:
        return _finish(_ESCAPED.sub(_REPLACEMENT, text), UTF_8, has_mark=has_mark, replaced=invalid)
    if _share(content, _UNASSIGNED) > _MAX_STRAY_SHARE:
        return None
    return _finish(content.decode("cp1252", errors="replace"), WINDOWS)


def _finish(
    text: str, encoding: str, *, has_mark: bool = False, replaced: int | None = None
) -> DecodedText:
    """Return the text with unified line endings; count replacements if `replaced` is None."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    number = text.count(_REPLACEMENT) if replaced is None else replaced
    line = text.count("\n", 0, text.find(_REPLACEMENT)) + 1 if number else 0
    return DecodedText(text, encoding, has_mark, number, line)


def _share(content: bytes, unwanted: bytes) -> float:
    """Return the share of unwanted bytes, from 0 to 1.

    Counts in chunks, between which other threads run.
    """
    chunks = (content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK))
    wanted = sum(len(chunk.translate(None, unwanted)) for chunk in chunks)
    return (len(content) - wanted) / max(len(content), 1)
