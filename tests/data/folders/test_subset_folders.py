"""Folders whose names mean a subset: recognised in any case, and used as that subset."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.errors import DataError
from dlstudio.data.folders.subset_names import subset_of
from dlstudio.data.sources.path_detection import readers_of
from dlstudio.design.model.data_settings import Split
from tests.data.folders.folder_cases import (
    count_files,
    load_folder,
    save_classes,
    save_image,
)


@pytest.mark.parametrize(
    ("name", "subset"),
    [
        ("train", "train"), ("Training", "train"), ("TRAIN_SET", "train"), ("trainset", "train"),
        ("seg_train", "train"), ("val", "validation"), ("Valid", "validation"),
        ("validation-images", "validation"), ("dev", "validation"), ("eval", "validation"),
        ("test", "test"), ("Testing", "test"), ("test data", "test"),
        ("ants", None), ("trains", None), ("contest", None), ("train_test", None), ("", None),
    ],
)  # fmt: skip
def test_names_of_subsets(name, subset):
    assert subset_of(name) == subset


@pytest.mark.parametrize("names", [("train", "val"), ("Training", "VALIDATION"), ("trn", "dev")])
def test_validation_folder_is_the_validation_subset(tmp_path, names):
    save_classes(tmp_path / names[0], ("ants", "bees"), 6)
    save_classes(tmp_path / names[1], ("ants", "bees"), 3, start=500)
    data = load_folder(tmp_path, split=Split(validation=0.5, test=0.25))
    assert data.facts.class_names == ("ants", "bees")
    assert data.facts.samples == {"train": 9, "validation": 6, "test": 3}
    alone = load_folder(tmp_path / names[1])
    assert torch.equal(data.validation.inputs["samples"], alone.train.inputs["samples"])
    assert data.validation.target.tolist() == [0, 0, 0, 1, 1, 1]
    assert data.left_out == ()
    assert data.warnings == (
        f"Subsets are taken from folders: {names[0]} (training), {names[1]} (validation).",
    )


def test_all_three_subsets_are_taken_from_their_folders(tmp_path):
    for start, name in enumerate(("train", "val", "test")):
        save_classes(tmp_path / name, ("ants", "bees"), 4 - start, start=100 * start)
    data = load_folder(tmp_path, split=Split(0.5, 0.5))
    assert data.facts.samples == {"train": 8, "validation": 6, "test": 4}


def test_subsets_inside_a_folder_of_an_archive(tmp_path):
    save_classes(tmp_path / "archive" / "seg_train" / "seg_train", ("ants", "bees"), 4)
    save_classes(tmp_path / "archive" / "seg_test" / "seg_test", ("Ants", "bees"), 2)
    data = load_folder(tmp_path)
    assert data.facts.class_names == ("ants", "bees")
    assert data.facts.samples == {"train": 8, "validation": 0, "test": 4}


def test_a_class_may_be_called_train(tmp_path):
    save_classes(tmp_path, ("bus", "test", "train"), 2)
    assert load_folder(tmp_path).facts.class_names == ("bus", "test", "train")


def test_subset_folders_without_classes_are_refused_and_read_without_classes(tmp_path):
    save_classes(tmp_path, ("train", "test"), 3)
    with pytest.raises(DataError, match="name subsets, not classes"):
        load_folder(tmp_path)
    assert [source.name for source in readers_of(tmp_path)] == ["picture-folder"]
    data = load_folder(tmp_path, "picture-folder")
    assert data.facts.samples == {"train": 3, "validation": 0, "test": 3}


def test_classes_and_folders_that_the_training_folder_lacks_are_left_out(tmp_path):
    save_classes(tmp_path / "train", ("ants", "bees"), 3)
    save_classes(tmp_path / "val", ("ants", "wasps"), 2)
    save_classes(tmp_path, ("more",), 4)
    save_image(tmp_path / "cover.png")
    data = load_folder(tmp_path)
    assert data.facts.samples == {"train": 6, "validation": 2, "test": 0}
    assert data.left_out == (
        LeftOut("file", "val/wasps/000.png and 1 more", "class wasps has no training files", 2),
        LeftOut("file", "more/000.png and 3 more", "not in the folder of a subset", 4),
        LeftOut("file", "cover.png", "not in the folder of a class"),
    )


def test_images_and_masks_read_as_classes_give_a_warning(tmp_path):
    save_classes(tmp_path, ("images", "masks"), 3)
    assert [source.name for source in readers_of(tmp_path)] == ["mask-folder"]
    assert "images with masks" in load_folder(tmp_path).warnings[0]


def test_detection_looks_at_few_entries_of_a_large_folder(tmp_path, monkeypatch):
    for number in range(40):
        (tmp_path / f"class {number}").mkdir()
        for index in range(100):
            (tmp_path / f"class {number}" / f"{index}.bin").write_bytes(b"\xff\xd8\xff")
    opened = []
    open_file = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, *options: opened.append(path) or open_file(path, *options)
    )
    assert [source.name for source in readers_of(tmp_path)] == ["image-folder"]
    assert 0 < len(opened) < 500


NAMES = (
    "train", "Train", "val", "validation", "TEST", "dev", "ants", "Bees", "wasps", ".hidden",
    "@eaDir", "__MACOSX", ".ipynb_checkpoints", "images", "masks", "ünï",
)  # fmt: skip
FILES = (
    "a.png", "b.PNG", "c.jfif", "d", "e.txt", "Thumbs.db", ".DS_Store", "._a.png", "f.mp3",
    "broken.png", "g.png.bak",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_every_file_of_a_random_folder_is_used_or_named(tmp_path, seed):
    rng = random.Random(seed)
    for number in range(rng.randint(3, 40)):
        folder = tmp_path.joinpath(*rng.choices(NAMES, k=rng.randint(0, 3)))
        path = folder / rng.choice(FILES)
        if path.exists() or any(parent.is_file() for parent in path.parents):
            continue
        if path.suffix.lower() in (".png", ".jfif", "") and path.stem not in ("broken", "._a"):
            save_image(path, number, format="JPEG" if path.suffix == ".jfif" else "PNG")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(rng.randbytes(rng.randint(0, 40)))
    readers_of(tmp_path)
    for source in ("image-folder", "picture-folder", "mask-folder", "sound-folder"):
        try:
            data = load_folder(tmp_path, source)
        except DataError:
            continue
        used = sum(data.facts.samples.values()) * (2 if source == "mask-folder" else 1)
        unused = sum(item.count for item in data.left_out if item.what != "folder")
        assert used + unused == count_files(tmp_path)
