"""Images with unusual endings, many bits, several frames or damage."""

from __future__ import annotations

import os
import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.errors import DataError
from tests.data.folders.folder_cases import (
    count_files,
    load_folder,
    save_classes,
    save_image,
)


def test_hidden_and_thumbnail_folders_in_classes_are_left_out(tmp_path):
    save_classes(tmp_path, ("ants", "bees"), 3)
    for hidden in (".ipynb_checkpoints", "@eaDir/000.png", "__MACOSX"):
        save_image(tmp_path / "ants" / hidden / "copy.png")
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store"):
        (tmp_path / "bees" / name).write_bytes(bytes(8))
    data = load_folder(tmp_path)
    assert data.facts.samples["train"] == 6
    assert data.left_out == (
        LeftOut(
            "file", "ants/.ipynb_checkpoints/copy.png and 2 more",
            "in a hidden or thumbnail folder", 3,
        ),
        LeftOut("file", "bees/.DS_Store and 2 more", "a hidden or thumbnail file", 3),
    )  # fmt: skip
    assert data.messages[0].endswith("in a hidden or thumbnail folder; 3 files left out")


def test_images_are_recognised_by_content(tmp_path):
    save_classes(tmp_path, ("ants", "bees"), 2)
    save_image(tmp_path / "ants" / "browser.jfif", format="JPEG")
    save_image(tmp_path / "ants" / "no ending", format="PNG")
    save_image(tmp_path / "ants" / "wrong.txt", format="WEBP")
    for name in ("a.txt", "b.TXT", "c.mov"):
        (tmp_path / "bees" / name).write_bytes(b"no image")
    save_image(tmp_path / "bees" / "raw.nef", format="TIFF")
    data = load_folder(tmp_path)
    assert data.train.target.bincount().tolist() == [5, 2]
    assert data.left_out == (
        LeftOut("file", "bees/a.txt and 1 more", ".txt files cannot be read as images", 2),
        LeftOut("file", "bees/c.mov", ".mov files cannot be read as images"),
        LeftOut(
            "file", "bees/raw.nef", ".nef files are camera raw files; export them as JPEG or PNG"
        ),
    )


def save_values(path, values, dtype):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((8, 8), values, dtype)).save(path)


@pytest.mark.parametrize(
    ("dtype", "values", "pixels", "text"),
    [
        (np.float32, (0.25, 1.0), (64, 255), "floats: 0 becomes black and 1 white"),
        (np.float32, (100.0, 200.0), (100, 200), "floats: 0 becomes black and 255 white"),
        (np.float32, (-1.0, 3.0), (0, 255), "floats: -1 becomes black and 3 white"),
        (np.float32, (1e-3, 1e9), (0, 255), "becomes black and 1e+09 white"),
        (np.uint16, (2048, 4095), (127, 255), "numbers: 0 becomes black and 4,095 white"),
        (np.uint16, (257, 65535), (1, 255), "numbers: 0 becomes black and 65,535 white"),
        (np.uint16, (7, 255), (7, 255), "numbers: 0 becomes black and 255 white"),
        (np.int32, (-100, 100), (0, 255), "numbers: -100 becomes black and 100 white"),
        (np.int32, (0, 200_000), (0, 255), "becomes black and 200,000 white"),
    ],
)  # fmt: skip
def test_deep_images_are_scaled_by_one_rule(tmp_path, dtype, values, pixels, text):
    ants, bees = values
    save_values(tmp_path / "train" / "ants" / "a.tif", ants, dtype)
    save_values(tmp_path / "train" / "bees" / "b.tif", ants, dtype)
    save_values(tmp_path / "val" / "bees" / "c.tif", bees, dtype)
    data = load_folder(tmp_path, colour="grey")
    subsets = (data.train, data.validation)
    assert tuple(int(subset.inputs["samples"][0, 0, 0, 0]) for subset in subsets) == pixels
    assert [line for line in data.warnings if text in line and line.startswith("3 images")]


def test_deep_images_without_a_finite_range_are_left_out(tmp_path):
    save_classes(tmp_path, ("ants", "bees"), 1)
    save_values(tmp_path / "ants" / "nan.tif", np.nan, np.float32)
    save_values(tmp_path / "ants" / "flat.tif", 0.5, np.float32)
    data = load_folder(tmp_path)
    assert data.facts.samples["train"] == 3
    why = "the image contains NaN or infinite values"
    assert data.left_out == (LeftOut("image", "ants/nan.tif", why),)


def test_an_image_with_too_many_pixels_is_left_out(tmp_path):
    save_classes(tmp_path, ("ants", "bees"), 1)
    size = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    chunks = struct.pack(">I", 13) + size + struct.pack(">I", zlib.crc32(size))
    (tmp_path / "ants" / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunks + bytes(4) + b"IEND\xaeB`\x82"
    )
    why = "the image claims to have too many pixels"
    assert load_folder(tmp_path).left_out == (LeftOut("image", "ants/bomb.png", why),)


def test_only_the_first_of_several_frames_is_read(tmp_path):
    save_classes(tmp_path, ("ants", "bees"), 2)
    frames = [Image.new("L", (8, 8), shade) for shade in (10, 200)]
    frames[0].save(tmp_path / "ants" / "moving.gif", save_all=True, append_images=frames[1:])
    data = load_folder(tmp_path, colour="grey")
    assert int(data.train.inputs["samples"][2].max()) == 10
    assert data.warnings == ("Files with several images: 1; the first one is read.",)


def test_links_are_followed_to_files_and_classes_only(tmp_path):
    save_classes(tmp_path / "data", ("ants",), 2)
    save_classes(tmp_path / "elsewhere", ("bees",), 3)
    (tmp_path / "data" / "bees").symlink_to(tmp_path / "elsewhere" / "bees")
    (tmp_path / "data" / "ants" / "loop").symlink_to("..")
    (tmp_path / "data" / "ants" / "dangling.png").symlink_to("gone.png")
    (tmp_path / "data" / "ants" / "link.png").symlink_to(tmp_path / "data" / "ants" / "000.png")
    os.mkfifo(tmp_path / "data" / "ants" / "pipe.png")
    data = load_folder(tmp_path / "data")
    assert data.train.target.bincount().tolist() == [3, 3]
    assert data.left_out == (
        LeftOut("file", "ants/dangling.png", "a link to nothing"),
        LeftOut("folder", "ants/loop", "links to folders are not followed here"),
        LeftOut("file", "ants/pipe.png", "not a regular file"),
    )


def test_names_that_are_no_text_can_be_shown(tmp_path):
    save_classes(tmp_path, ("ants", "bees"), 1)
    os.close(os.open(os.fsencode(tmp_path) + b"/ants/\xff.txt", os.O_CREAT | os.O_WRONLY))
    assert load_folder(tmp_path).left_out[0].where == "ants/\ufffd.txt"


def test_a_folder_without_readable_files_names_what_it_holds(tmp_path):
    for name in ("high", "low"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.mp3").write_bytes(b"ID3" + bytes(30))
    with pytest.raises(DataError) as caught:
        load_folder(tmp_path, "sound-folder")
    assert "high/a.mp3 and 1 more: .mp3 files are not read; convert them to WAV" in str(
        caught.value
    )
    with pytest.raises(DataError, match=r"\.mp3 files cannot be read as images"):
        load_folder(tmp_path, "picture-folder")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(25))
def test_damaged_images_are_read_or_named(tmp_path, seed):
    rng = random.Random(seed)
    save_classes(tmp_path, ("ants", "bees"), 2)
    for number in range(12):
        ending = rng.choice(("png", "jpg", "gif", "bmp", "webp", "tif", "ppm", "tga", "ico", "pcx"))
        path = tmp_path / "ants" / f"damaged{number}.{ending}"
        save_image(path, number, 16)
        content = bytearray(path.read_bytes())
        for _ in range(rng.randint(1, 8)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        path.write_bytes(content[: rng.randint(0, len(content))])
    data = load_folder(tmp_path)
    unused = sum(item.count for item in data.left_out)
    assert data.facts.samples["train"] + unused == count_files(tmp_path)
    assert all(item.why and "\n" not in item.text for item in data.left_out)
