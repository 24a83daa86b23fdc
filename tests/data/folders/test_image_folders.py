import numpy as np
import pytest
import torch
from PIL import Image

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.errors import Cancelled, DataError
from dlstudio.data.folders.image_decoding import decode_readable
from dlstudio.data.load import load_data
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.sources import find_source
from dlstudio.design.model.data_settings import DataSettings, Split

COLOURS = {"blue": (0, 0, 255), "red": (255, 0, 0)}


def create_class_folders(root, count=5, size=(20, 12)):
    for name, colour in COLOURS.items():
        folder = root / name
        folder.mkdir(parents=True)
        for number in range(count):
            Image.new("RGB", size, colour).save(folder / f"{number}.png")


def load(path, split=None, progress=lambda text, done: None, cancelled=lambda: False, **options):
    options = {"path": str(path), "size": (8, 10), **options}
    settings = DataSettings("image-folder", options, split=split or Split(0.0, 0.0))
    return load_data(settings, progress=progress, cancelled=cancelled)


def test_subfolders_are_classes_and_images_are_resized(tmp_path):
    create_class_folders(tmp_path)
    data = load(tmp_path)
    images = data.train.inputs["samples"]
    assert images.dtype == torch.uint8
    assert images.shape == (10, 3, 8, 10)
    assert data.facts.class_names == ("blue", "red")
    assert data.facts.numbers == {"features": 240, "classes": 2}
    for name, image in zip(("blue", "red"), (images[0], images[-1]), strict=True):
        assert tuple(image[:, 4, 4].tolist()) == COLOURS[name]


def test_grey_images_have_one_channel(tmp_path):
    create_class_folders(tmp_path)
    images = load(tmp_path, colour="grey").train.inputs["samples"]
    assert images.shape == (10, 1, 8, 10)
    assert int(images[0, 0, 0, 0]) == 29


def test_unreadable_images_are_listed_and_the_rest_is_used(tmp_path):
    create_class_folders(tmp_path)
    (tmp_path / "red" / "broken.png").write_bytes(b"not an image")
    complete = (tmp_path / "red" / "0.png").read_bytes()
    (tmp_path / "red" / "cut.png").write_bytes(complete[: len(complete) // 2])
    (tmp_path / "red" / "notes.txt").write_text("not an image file")
    data = load(tmp_path)
    assert len(data.train) == 10
    assert data.train.target.bincount().tolist() == [5, 5]
    assert data.left_out == (
        LeftOut("file", "red/notes.txt", ".txt files cannot be read as images"),
        LeftOut("image", "red/broken.png", "not an image that can be read"),
        LeftOut("image", "red/cut.png", "unrecognized data stream contents when reading image file")
        if data.left_out[2].why.startswith("unrec")
        else data.left_out[2],
    )
    assert data.left_out[2].where == "red/cut.png"


def test_many_image_formats_are_read(tmp_path):
    create_class_folders(tmp_path, count=1)
    transparent = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    transparent.save(tmp_path / "red" / "clear.png")
    sixteen_bit = np.full((4, 4), 65535, np.uint16)
    Image.fromarray(sixteen_bit).save(tmp_path / "red" / "deep.png")
    Image.new("P", (4, 4)).save(tmp_path / "red" / "palette.gif")
    Image.new("CMYK", (4, 4)).save(tmp_path / "red" / "print.jpg")
    Image.new("1", (4, 4), 1).save(tmp_path / "red" / "bits.bmp")
    data = load(tmp_path)
    assert data.left_out == ()
    assert data.warnings == (
        "1 image of 16- or 32-bit numbers: 0 becomes black and 65,535 white, in all of them.",
        "7 images of 4×4 to 20×12 pixels are scaled to 10×8; the proportions of 7 of them change",
    )
    white_images = data.train.inputs["samples"][[2, 3, 4]]
    names = ["0.png", "bits.bmp", "clear.png", "deep.png"]
    assert names == sorted(names)
    assert (white_images == 255).all()


def test_exif_orientation_is_applied(tmp_path):
    create_class_folders(tmp_path, count=1)
    half_white = np.zeros((8, 8, 3), np.uint8)
    half_white[:, :4] = 255
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(half_white).save(tmp_path / "blue" / "phone.png", exif=exif)
    image = load(tmp_path, size=(8, 8)).train.inputs["samples"][1, 0]
    assert (image[0] > 200).all()
    assert (image[-1] < 50).all()


def test_train_and_test_folders_are_used(tmp_path):
    create_class_folders(tmp_path / "train", 4)
    create_class_folders(tmp_path / "test", 3)
    data = load(tmp_path, split=Split(0.25, 0.5))
    assert data.facts.samples == {"train": 6, "validation": 2, "test": 6}


def test_hidden_files_and_empty_folders_are_left_out(tmp_path):
    create_class_folders(tmp_path, 2)
    (tmp_path / "empty").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "red" / "._0.png").write_bytes(b"resource fork")
    data = load(tmp_path)
    assert data.facts.class_names == ("blue", "red")
    assert data.warnings == (
        "4 images of 20×12 pixels are scaled to 10×8; the proportions of 4 of them change",
    )
    assert data.left_out == (
        LeftOut("file", "red/._0.png", "a hidden or thumbnail file"),
        LeftOut("folder", "empty", "contains no images"),
    )


def test_reading_reports_progress_and_can_be_cancelled(tmp_path):
    create_class_folders(tmp_path, 40)
    reported = []
    load(tmp_path, progress=lambda text, done: reported.append(done))
    assert reported == [None, 0.0, 0.8]
    with pytest.raises(Cancelled):
        load(tmp_path, cancelled=lambda: True)


def test_unusable_folders_are_rejected(tmp_path):
    with pytest.raises(DataError, match="0 found"):
        load(tmp_path)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.png").write_bytes(b"")
    with pytest.raises(DataError, match="at least two; 1 found"):
        load(tmp_path)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "a.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"No image in .* can be read"):
        load(tmp_path)
    with pytest.raises(DataError, match="folder"):
        load(tmp_path / "one" / "a.png")


def test_image_deleted_while_reading_is_skipped(tmp_path):
    create_class_folders(tmp_path, 2)

    def delete_image(text, done):
        if done is not None:
            (tmp_path / "red" / "0.png").unlink()

    data = load(tmp_path, progress=delete_image)
    assert len(data.train) == 3
    assert data.left_out == (LeftOut("image", "red/0.png", "No such file or directory"),)


def test_decoding_skips_unreadable_files_and_keeps_the_indices(tmp_path):
    paths = [tmp_path / name for name in "abc"]
    request = ReadRequest(
        find_source("image-folder"), DataSettings(), {}, tmp_path, tmp_path,
        lambda text, done: None, lambda: False, download=False,
    )  # fmt: skip
    left_out = []
    results = decode_readable(
        paths, lambda path: "it is broken" if path.name == "b" else (path.name,), request, left_out
    )
    assert list(results) == [(0, ("a",)), (2, ("c",))]
    assert left_out == [LeftOut("image", "b", "it is broken")]
