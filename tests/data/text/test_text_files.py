"""Text files in any encoding, damaged, compressed, or read only up to a size."""

from __future__ import annotations

import contextlib
import gzip
import random

import pytest

from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.data.text.decoding import decode_text
from dlstudio.data.text.text_file import read_decoded, read_text
from dlstudio.design.model.data_settings import DataSettings

RUSSIAN = "Шла Саша по шоссе и сосала сушку. "
TEXTS = {
    "german": "Ein Text ohne Marke: Größe, Länge.\n",
    "russian": RUSSIAN + "\n",
    "chinese": "一二三四五，上山打老虎。\n老虎没打到。\n",
    "emoji": "line 👩‍🔬 and ☀️\n",
    "ascii": "plain words, 12.5\n",
}


def load_text(tmp_path, content, **options):
    (tmp_path / "t.txt").write_bytes(content)
    return load_data(
        DataSettings("text", {"path": str(tmp_path / "t.txt"), "window": 16, **options})
    )


def test_one_damaged_letter_does_not_decide_for_the_whole_text(tmp_path):
    content = (RUSSIAN * 120).encode()[:-3]
    data = load_text(tmp_path, content)
    assert set(data.vocabulary.tokens) <= set(RUSSIAN) | {"\ufffd"}
    assert data.warnings == ("t.txt: 1 invalid byte replaced by \ufffd, in line 1.",)
    damaged = ("erste Größe\n" * 9).encode() + b"zw\xffei\n" + "dritte Länge\xff".encode()
    decoded = decode_text(damaged[:-2] + b"\xe2\x82")
    assert decoded.warnings("a.csv") == (
        "a.csv: 3 invalid bytes replaced by \ufffd, the first in line 10.",
    )


@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_utf_16_is_recognised_without_a_mark(tmp_path, text, order):
    path = tmp_path / "t.txt"
    path.write_bytes((text * 60).encode(f"utf-16-{order}"))
    decoded = read_decoded(path)
    assert decoded.text == text * 60
    assert decoded.warnings("t.txt") == ("t.txt is read as UTF-16; it has no byte order mark.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_encodings_with_a_mark_and_utf_8_need_no_warning(tmp_path, text, encoding):
    path = tmp_path / "t.txt"
    path.write_bytes((text * 9).replace("\n", "\r\n").encode(encoding))
    decoded = read_decoded(path)
    assert decoded.text == text * 9
    assert decoded.warnings("t.txt") == ()


def test_windows_1252_is_the_last_resort_and_named(tmp_path):
    data = load_text(tmp_path, ("Größe – “naïve” €\n" * 20).encode("cp1252"))
    assert "€" in data.vocabulary.tokens
    assert data.warnings == ("t.txt is read as Windows-1252, because it is not valid UTF-8.",)
    assert decode_text(b"caf\xe9").text == "café"


def test_text_of_one_long_line_is_read(tmp_path):
    data = load_text(tmp_path, b"abc de. " * 20_000, window=64)
    assert data.train.inputs["tokens"].shape[1] == 64
    assert read_text(tmp_path / "t.txt", 1000) == "abc de. " * 125
    (tmp_path / "t.txt").write_text("ж" * 900, "utf-8")
    assert read_text(tmp_path / "t.txt", 1001) == "ж" * 500


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("compressed", [False, True])
def test_the_start_of_a_text_ends_with_a_complete_line(tmp_path, encoding, compressed):
    text = "größe;käufer\n1;zwölf\n" * 50
    content = text.encode(encoding)
    path = tmp_path / "t.csv"
    path.write_bytes(gzip.compress(content) if compressed else content)
    for limit in range(200, 230):
        start = read_text(path, limit)
        assert text.startswith(start)
        assert start.endswith("\n")
    assert read_text(path, len(content)) == read_text(path) == text


def test_damaged_archives_are_refused_in_words(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a;b\n" * 5000)[:-20])
    with pytest.raises(DataError, match="cannot be read"):
        read_text(path)


@pytest.mark.parametrize("seed", range(200))
def test_randomly_damaged_texts_are_read_or_refused(tmp_path, seed):
    rng = random.Random(seed)
    text = TEXTS[rng.choice(list(TEXTS))] * rng.randint(1, 60)
    encoding = rng.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"))
    content = bytearray(text.encode(encoding))
    for _ in range(rng.randint(0, 5)):
        content[rng.randrange(4, len(content))] = rng.randrange(256)
    del content[rng.randint(len(content) - 3, len(content)) :]
    path = tmp_path / "t.txt"
    path.write_bytes(content)
    if len(content) < 2500:
        with contextlib.suppress(DataError):
            read_decoded(path)
        return
    decoded = read_decoded(path)
    assert decoded.text.encode("utf-8", "replace").decode() == decoded.text
    assert decoded.replaced == 0 or decoded.warnings("t.txt")
    if "utf-8" in encoding and len(text) > 500 and not text.isascii():
        assert decoded.encoding == "UTF-8"
