"""Images that are scaled to one size are counted and named."""

from __future__ import annotations

import pytest

from dlstudio.data.folders.image_decoding import ImageFormat, scaling_note


@pytest.mark.parametrize(
    ("sizes", "note"),
    [
        ([(64, 64)] * 5, ""),
        ([(32, 32)] * 5, "5 images of 32×32 pixels are scaled to 64×64"),
        ([(64, 64), (32, 32)], "1 image of 32×32 pixels is scaled to 64×64"),
        (
            [(32, 32), (640, 480), (100, 100)],
            "3 images of 32×32 to 640×480 pixels are scaled to 64×64; the proportions of 1 of them "
            "change",
        ),
    ],
)
def test_sizes_and_proportions_are_named(sizes: list[tuple[int, int]], note: str) -> None:
    assert scaling_note(sizes, ImageFormat("RGB", 64, 64)) == note
