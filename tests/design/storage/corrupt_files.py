"""Generates damaged and malicious design files from a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from dlstudio.design.storage.migrations import VERSION
from tests.kept_files import KEPT

SOURCE = KEPT / "format-1.dlstudio"
WRONG: tuple[Any, ...] = (None, True, 3, -1.5, "word", [], [1, [2]], {}, {"a": 1}, 10**30, "\0", "")


def corrupt_files(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield `count` file names with contents, cycling through the kinds of damage."""
    text = SOURCE.read_text(encoding="utf-8")
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        damage = DAMAGES[number % len(DAMAGES)]
        content = damage(text, rng)
        name = damage.__name__.lstrip("_")
        yield f"{number:04d}-{name}", content if isinstance(content, bytes) else content.encode()


def _cut(text: str, rng: random.Random) -> str:
    return text[: rng.randrange(len(text) - 2)]


def _wrong_type(text: str, rng: random.Random) -> str:
    document = json.loads(text)
    required = ["graph", "blocks", "layouts", "data", "training", "title", "about"]
    name = rng.choice(required)
    kind = type(document[name])
    document[name] = rng.choice([value for value in WRONG[1:-1] if not isinstance(value, kind)])
    return json.dumps(document)


def _wrong_node(text: str, rng: random.Random) -> str:
    document = json.loads(text)
    nodes = document["graph"]["nodes"]
    wrong = [value for value in WRONG if not isinstance(value, dict)]
    nodes[rng.choice(sorted(nodes))] = rng.choice(wrong)
    return json.dumps(document)


def _wrong_name(text: str, rng: random.Random) -> str:
    names = ("class", "forward", "../etc", "a.b", "", "__class__", "x" * 500, "\x1b[31m", "1")
    document = json.loads(text)
    document["graph"]["nodes"][rng.choice(names)] = {"kind": "relu"}
    return json.dumps(document)


def _dangling_edge(text: str, rng: random.Random) -> str:
    document = json.loads(text)
    edge = rng.choice(document["graph"]["edges"])
    edge[rng.choice(("source", "target"))] = f"nobody_{rng.random()}"
    return json.dumps(document)


def _deep(text: str, rng: random.Random) -> str:
    depth = rng.choice((60, 900, 20_000, 200_000))
    opening, closing = rng.choice((("[", "]"), ('{"a":', "}")))
    nested = opening * depth + ("0" if opening != "[" else "") + closing * depth
    if rng.random() < 0.5:
        return nested
    return _with_setting(text, nested)


def _huge(text: str, rng: random.Random) -> str:
    numbers = ("1e999", "-1e999", "9" * 5000, "9" * 40, "-" + "9" * 30, "1" + "0" * 400)
    return _with_setting(text, rng.choice(numbers))


def _no_number(text: str, rng: random.Random) -> str:
    return _with_setting(text, rng.choice(("NaN", "Infinity", "-Infinity")))


def _far_out(text: str, rng: random.Random) -> str:
    document = json.loads(text)
    positions = document["layouts"][""]["positions"]
    position = [rng.choice((1e300, -1e12, 1e18)), rng.uniform(-9, 9)]
    positions[rng.choice(sorted(positions))] = position
    return json.dumps(document)


def _newer(text: str, rng: random.Random) -> str:
    document = json.loads(text)
    document["version"] = rng.choice((VERSION + 1, VERSION + 2, 99, 10**12))
    return json.dumps(document)


def _invalid_version(text: str, rng: random.Random) -> str:
    document = json.loads(text)
    document["version"] = rng.choice((0, -1, "1", None, True, 1.5, [1]))
    return json.dumps(document)


def _other_format(text: str, rng: random.Random) -> str:
    return rng.choice(("{}", "[]", "3", '"dlstudio"', "null", '{"format": "onnx"}', ""))


def _twice(text: str, rng: random.Random) -> str:
    name = rng.choice(("graph", "version", "training"))
    return text.replace("{", f'{{"{name}": 1,', 1)


def _noise(text: str, rng: random.Random) -> bytes:
    return bytes(rng.randrange(128, 256) for _ in range(rng.randrange(1, 4000)))


def _invalid_text(text: str, rng: random.Random) -> str:
    return _with_setting(text, rng.choice(('"\\u0000"', '"\\ud800"', '"a\\udfffb"')))


def _wrong_training_settings(text: str, rng: random.Random) -> str:
    document = json.loads(text)
    field = rng.choice(("epochs", "batch_size", "seed", "groups", "early_stopping", "loss"))
    kind = type(document["training"][field])
    wrong = [value for value in WRONG[1:] if type(value) is not kind and value != 10**30]
    document["training"][field] = rng.choice(wrong[:3])
    return json.dumps(document)


def _with_setting(text: str, value: str) -> str:
    """Return the document with raw JSON text as the value of a setting."""
    document = json.loads(text)
    nodes = document["graph"]["nodes"]
    nodes[min(nodes)]["settings"] = {"hostile": "PLACE"}
    return json.dumps(document).replace('"PLACE"', value)


DAMAGES: tuple[Callable[[str, random.Random], str | bytes], ...] = (
    *(
        _cut,
        _wrong_type,
        _wrong_node,
        _wrong_name,
        _dangling_edge,
        _deep,
        _huge,
        _no_number,
        _far_out,
    ),
    *(
        _newer,
        _invalid_version,
        _other_format,
        _twice,
        _noise,
        _invalid_text,
        _wrong_training_settings,
    ),
)
