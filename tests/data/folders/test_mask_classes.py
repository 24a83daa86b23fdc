"""What the values in masks mean, and which folders and files hold the masks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.data.core.errors import DataError
from dlstudio.data.preview import preview
from dlstudio.design.model.data_settings import Split
from tests.data.folders.folder_cases import load_folder, save_image


def save_masks(root, values: Sequence[object], *, folders=("images", "masks"), affix="", names=""):
    """Write one image for each mask; a mask has the given values in equal columns."""
    for number, columns in enumerate(values):
        name = names[number] if names else str(number)
        save_image(root / folders[0] / f"{name}.jpg", number)
        pixels = np.repeat(np.array(columns, np.uint8), 8 // len(columns), 0)
        path = root / folders[1] / f"{name}{affix}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.stack([pixels] * 8)).save(path)


def load_masks(root, split=None, **options):
    return load_folder(root, "mask-folder", split, **options)


@pytest.mark.parametrize(
    ("values", "option", "classes", "ignored"),
    [
        ([[0, 1, 2, 255]], "auto", ("0", "1", "2"), True),
        ([[0, 1], [1, 255]], "auto", ("0", "1"), True),
        ([[0, 255]], "auto", ("0", "255"), False),
        ([[0, 128, 0, 255]], "auto", ("0", "128", "255"), False),
        ([[0, 1, 2, 255]], "class", ("0", "1", "2", "255"), False),
        ([[7, 9, 9, 255]], "ignore", ("7", "9"), True),
        ([[(0, 0, 0), (128, 0, 0), (0, 0, 0), (224, 224, 192)]], "auto", ("#000000", "#800000"),
         True),
    ],
)  # fmt: skip
def test_255_marks_pixels_without_a_class(tmp_path, values, option, classes, ignored):
    save_masks(tmp_path, values)
    data = load_masks(tmp_path, unlabelled=option)
    assert data.facts.class_names == classes
    assert data.facts.numbers["classes"] == len(classes)
    assert (IGNORE_INDEX in data.train.target.unique().tolist()) is ignored
    assert bool(data.warnings) is ignored
    known = data.train.target[data.train.target != IGNORE_INDEX]
    assert known.unique().tolist() == list(range(len(classes)))
    assert sum(preview(data).class_counts["train"]) == len(known)


def test_255_beyond_the_names_marks_pixels_without_a_class(tmp_path):
    save_masks(tmp_path, [[0, 2, 2, 255]])
    (tmp_path / "classes.txt").write_bytes("Grund\r\nBaum\r\nStraße\r\n".encode("cp1252"))
    data = load_masks(tmp_path)
    assert data.facts.class_names == ("Grund", "Baum", "Straße")
    assert data.train.target[0, 0].tolist() == [0, 0, 2, 2, 2, 2, *[IGNORE_INDEX] * 2]
    assert data.left_out == ()
    with pytest.raises(DataError, match="names 3 classes, counted from 0, but the masks contain"):
        load_masks(tmp_path, unlabelled="class")


def test_a_mask_without_any_class_is_left_out(tmp_path):
    save_masks(tmp_path, [[0, 1], [255], [1, 255]])
    data = load_masks(tmp_path)
    assert len(data.train) == 2
    why = "no pixel of the mask has a class"
    assert data.left_out == (LeftOut("file", "images/1.jpg, masks/1.png", why, 2),)


@pytest.mark.parametrize("folders", [("Images", "Masks"), ("JPEGImages", "SegmentationClass")])
@pytest.mark.parametrize("affix", ["", "_mask", "-label", "_labelIds"])
def test_folders_and_masks_are_recognised_by_name(tmp_path, folders, affix):
    save_masks(tmp_path, [[0, 1]] * 3, folders=folders, affix=affix)
    save_image(tmp_path / "notes" / "a.png")
    data = load_masks(tmp_path)
    assert len(data.train) == 3
    why = "in another folder than the images and masks"
    assert data.left_out == (LeftOut("file", "notes/a.png", why),)


@pytest.mark.parametrize("inside", [True, False])
def test_subsets_of_masks_are_taken_from_folders(tmp_path, inside):
    for subset, count in (("train", 5), ("val", 3), ("test", 2)):
        folders = ("images", "masks")
        if inside:
            save_masks(tmp_path / subset, [[0, 1, 2, 255]] * count)
        else:
            folders = (f"images/{subset}", f"masks/{subset}")
            save_masks(tmp_path, [[0, 1, 2, 255]] * count, folders=folders)
    data = load_masks(tmp_path, split=Split(0.5, 0.5))
    assert data.facts.samples == {"train": 5, "validation": 3, "test": 2}
    assert data.left_out == ()


def test_masks_without_an_image_are_left_out(tmp_path):
    save_masks(tmp_path, [[0, 1]] * 3)
    (tmp_path / "images" / "2.jpg").unlink()
    (tmp_path / "readme.md").write_text("about")
    assert load_masks(tmp_path).left_out == (
        LeftOut("file", "readme.md", ".md files cannot be read as images"),
        LeftOut("mask", "masks/2.png", "there is no image of that name"),
    )
