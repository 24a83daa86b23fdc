import os
import struct
import tracemalloc
import wave

import numpy as np
import pytest
import torch
from PIL import Image

from dlstudio.data.audio.spectrogram import BINS, frame_count, resample, sample_count, spectrogram
from dlstudio.data.audio.wave_file import read_wave
from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.data.preview import preview
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.path_detection import readers_of
from dlstudio.data.synthetic import synthetic_shapes
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.signals import Signal

SYNTHETIC = [
    DataSettings("shapes", {"samples": 40, "size": 24}),
    DataSettings("tones", {"samples": 60}),
    DataSettings("printed", {"samples": 72, "characters": "both", "noise": 0.1}),
]


def load(source, path, split=None, **options):
    settings = DataSettings(source, {"path": str(path), **options}, split=split or Split(0.0, 0.0))
    return load_data(settings)


@pytest.mark.parametrize("settings", SYNTHETIC, ids=lambda settings: settings.source)
def test_synthetic_images_match_their_info_and_are_deterministic(settings):
    first, second = load_data(settings), load_data(settings)
    assert first.facts == info_of(settings)
    assert tuple(first.train.target.shape[1:]) == first.facts.target.shape
    assert torch.equal(first.train.inputs["samples"], second.train.inputs["samples"])
    assert torch.equal(first.train.target, second.train.target)
    classes = list(range(len(first.facts.class_names)))
    assert first.train.target.unique().tolist() == classes
    other = load_data(DataSettings(settings.source, {**settings.options, "seed": 1}))
    assert not torch.equal(first.train.inputs["samples"], other.train.inputs["samples"])


def test_shapes_are_brighter_than_the_background():
    subset = load_data(SYNTHETIC[0]).train
    images, masks = subset.inputs["samples"][:, 0], subset.target
    assert int(images[masks > 0].min()) > int(images[masks == 0].max())
    shapes_preview = preview(load_data(SYNTHETIC[0]))
    assert shapes_preview.targets[0].startswith("ground, ")
    assert sum(shapes_preview.class_counts["train"]) == masks.numel()


def test_shape_labels_list_the_shapes_in_the_mask():
    masks = load_data(SYNTHETIC[0])
    settings = DataSettings("shapes", {**SYNTHETIC[0].options, "target": "labels"})
    data = load_data(settings)
    assert data.facts == info_of(settings)
    assert data.facts.target == Signal((3,), "float32", "labels")
    assert data.facts.numbers["labels"] == 3
    assert data.target_names == masks.facts.class_names[1:]
    assert data.train.target.dtype == torch.float32
    for name, subset in data.subsets.items():
        masked = masks.subsets[name]
        assert torch.equal(subset.inputs["samples"], masked.inputs["samples"])
        shapes_in_masks = [set(mask.unique().tolist()) - {0} for mask in masked.target]
        assert [set((row.nonzero()[:, 0] + 1).tolist()) for row in subset.target] == shapes_in_masks
    preview_labels = set(preview(data).targets)
    assert {"circle", "triangle", "square"} & preview_labels
    assert any(", " in target for target in preview_labels)


def test_fully_covered_shape_gets_no_label(monkeypatch):
    all_pixels = np.ones((16, 16), np.bool_)
    monkeypatch.setattr(synthetic_shapes, "_pixels_inside", lambda *_shape: all_pixels)
    options = {"samples": 40, "size": 16}
    masks = load_data(DataSettings("shapes", options)).train.target
    labels = load_data(DataSettings("shapes", {**options, "target": "labels"})).train.target
    assert labels.sum(1).tolist() == [1] * len(labels)
    assert torch.equal(labels.argmax(1) + 1, masks[:, 0, 0])


def save_pair(root, name, mask, size=(8, 6)):
    for folder in ("pictures", "masks"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (200, 10, 10)).save(root / "pictures" / f"{name}.jpg")
    mask.save(root / "masks" / f"{name}.png")


def grey_mask(*values, size=(8, 6)):
    columns = np.resize(np.array(values, np.uint8), size[0])
    return Image.fromarray(np.tile(columns, (size[1], 1)))


def test_grey_mask_values_become_classes(tmp_path):
    save_pair(tmp_path, "a", grey_mask(0, 255))
    save_pair(tmp_path, "b", grey_mask(255))
    data = load("mask-folder", tmp_path, size=(6, 8))
    assert data.facts.class_names == ("0", "255")
    assert data.facts.target.shape == (6, 8)
    assert data.facts.target.meaning == "mask"
    assert data.train.inputs["samples"].shape == (2, 3, 6, 8)
    assert data.train.target.dtype == torch.int64
    assert data.train.target[0, 0].tolist() == [0, 1] * 4
    assert data.train.target[1].unique().tolist() == [1]


def test_mask_colours_become_classes_without_interpolation(tmp_path):
    mask = Image.new("RGB", (8, 6), (255, 0, 0))
    mask.paste((0, 0, 255), (0, 0, 4, 6))
    save_pair(tmp_path, "a", mask)
    data = load("mask-folder", tmp_path, size=(48, 64))
    assert data.facts.class_names == ("#0000ff", "#ff0000")
    assert data.train.target.unique().tolist() == [0, 1]


def test_classes_file_names_the_mask_values(tmp_path):
    save_pair(tmp_path, "a", grey_mask(0, 2))
    (tmp_path / "classes.txt").write_text("ground\ncat\ndog\n")
    data = load("mask-folder", tmp_path, size=(6, 8))
    assert data.facts.class_names == ("ground", "cat", "dog")
    assert data.train.target.unique().tolist() == [0, 2]
    (tmp_path / "classes.txt").write_text("ground\ncat\n")
    with pytest.raises(DataError, match="names 2 classes, counted from 0, but the masks contain 2"):
        load("mask-folder", tmp_path, size=(6, 8))


def test_images_without_a_valid_mask_are_left_out(tmp_path):
    for name in "abcd":
        save_pair(tmp_path, name, grey_mask(0, 1))
    (tmp_path / "masks" / "a.png").unlink()
    (tmp_path / "masks" / "b.png").write_bytes(b"not an image")
    grey_mask(0, 1, size=(4, 4)).save(tmp_path / "masks" / "c.png")
    data = load("mask-folder", tmp_path, size=(6, 8))
    assert len(data.train) == 1
    broken = "the mask cannot be read: not an image that can be read"
    assert data.left_out == (
        LeftOut("image", "pictures/a.jpg", "there is no mask of that name"),
        LeftOut("file", "pictures/b.jpg, masks/b.png", broken, 2),
        LeftOut("file", "pictures/c.jpg, masks/c.png", "the mask is 4×4, but its image is 8×6", 2),
    )


def test_invalid_masks_are_rejected(tmp_path):
    with pytest.raises(DataError, match="needs two folders"):
        load("mask-folder", tmp_path)
    save_pair(tmp_path, "a", grey_mask(*range(200), size=(200, 6)), size=(200, 6))
    with pytest.raises(DataError, match="200 different values"):
        load("mask-folder", tmp_path, size=(6, 200))


def test_unlabelled_images_have_no_target(tmp_path):
    for number in range(5):
        Image.new("RGB", (8, 8), (number, 0, 0)).save(tmp_path / f"{number}.png")
    (tmp_path / "broken.png").write_bytes(b"")
    data = load("picture-folder", tmp_path, size=(8, 8))
    assert data.facts.target is None
    assert data.train.target is None
    assert len(data.train) == 5
    assert data.left_out == (LeftOut("image", "broken.png", "not an image that can be read"),)
    assert preview(data).targets == ()
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="contains no images"):
        load("picture-folder", tmp_path / "empty")


def sine_wave(pitch, rate=8000, seconds=1.0):
    return np.sin(2 * np.pi * pitch * np.arange(int(rate * seconds)) / rate)


def write_wav(path, sound, rate=8000, width=2, channels=1):
    path.parent.mkdir(parents=True, exist_ok=True)
    integers = np.repeat(np.round(sound * (2.0 ** (8 * width - 1) - 1)).astype(np.int64), channels)
    integers = integers + 128 if width == 1 else integers
    raw = b"".join(int(sample).to_bytes(width, "little", signed=width > 1) for sample in integers)
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(raw)


def format_chunk(tag, bits, channels=1, rate=8000, inner=None):
    frame = channels * bits // 8
    plain = struct.pack("<HHIIHH", tag, channels, rate, rate * frame, frame, bits)
    if inner is None:
        return plain
    guid = bytes.fromhex("000000001000800000aa00389b71")
    return plain + struct.pack("<HHIH", 22, bits, 0, inner) + guid


def riff_file(header, sound, *before):
    chunks = [*before, (b"fmt ", header), (b"data", sound)]
    body = b"".join(
        name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
        for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def test_spectrogram_of_a_tone_peaks_at_its_pitch():
    image = spectrogram(sine_wave(1000))
    assert image.shape == (1, BINS, frame_count(8000))
    assert frame_count(sample_count(32)) == 32
    row = BINS - 1000 // (8000 // 128)
    assert set(image[0].argmax(0).tolist()) == {row}
    assert image.max() == pytest.approx(0.0, abs=0.01)
    assert spectrogram(np.zeros(10)).tolist() == np.full((1, BINS, 1), -80.0).tolist()


def test_resampling_keeps_the_tone():
    decoded = resample(sine_wave(440, 16_000), 16_000, 8000)
    np.testing.assert_allclose(decoded, sine_wave(440), atol=1e-9)
    assert resample(sine_wave(440), 8000, 11_025).shape == (11_025,)
    assert np.abs(resample(sine_wave(6000, 16_000), 16_000, 8000)).max() < 1e-9


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_samples_of_every_width_are_read(tmp_path, width):
    write_wav(tmp_path / "a.wav", sine_wave(440) * 0.9, width=width, channels=2)
    sound, rate = read_wave(tmp_path / "a.wav", 1.0)
    assert rate == 8000
    np.testing.assert_allclose(sound, sine_wave(440) * 0.9, atol=2.0 ** (2 - 8 * width))


@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize("kind", ["<u1", "<i2", "<i4", "<f4", "<f8"])
def test_floats_and_the_extensible_header_are_read(tmp_path, kind, extensible):
    dtype, sound = np.dtype(kind), sine_wave(440) * 0.9
    half = 1.0 if dtype.kind == "f" else 2.0 ** (8 * dtype.itemsize - 1) - 1
    tag = 3 if dtype.kind == "f" else 1
    stored = (sound * half + (128 if kind == "<u1" else 0)).astype(dtype)
    bits = 8 * dtype.itemsize
    header = format_chunk(0xFFFE, bits, 2, inner=tag) if extensible else format_chunk(tag, bits, 2)
    unknown_chunk = (b"bext", b"a chunk that no reader knows")
    (tmp_path / "a.wav").write_bytes(
        riff_file(header, np.repeat(stored, 2).tobytes(), unknown_chunk)
    )
    decoded, rate = read_wave(tmp_path / "a.wav", 1.0)
    assert rate == 8000
    np.testing.assert_allclose(decoded, sound, atol=2 / half if half > 1 else 1e-7)


def test_16_bit_samples_equal_those_of_the_standard_library(tmp_path):
    write_wav(tmp_path / "a.wav", np.random.default_rng(0).uniform(-1, 1, 5001), channels=3)
    with wave.open(str(tmp_path / "a.wav")) as file:
        raw = np.frombuffer(file.readframes(4001), "<i2")
    decoded, _ = read_wave(tmp_path / "a.wav", 0.5)
    assert np.array_equal(decoded, (raw / 2.0**15).reshape(-1, 3).mean(1))


def test_truncated_wav_is_read_up_to_its_end(tmp_path):
    write_wav(tmp_path / "a.wav", sine_wave(440), width=3, channels=2)
    complete = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(complete[:6002])
    decoded, _ = read_wave(tmp_path / "a.wav", 1.0)
    np.testing.assert_allclose(decoded, sine_wave(440)[:993], atol=1e-6)
    (tmp_path / "a.wav").write_bytes(complete[:36])
    with pytest.raises(EOFError, match="the file is truncated"):
        read_wave(tmp_path / "a.wav", 1.0)


def test_long_wav_is_read_only_partially(tmp_path):
    start = riff_file(format_chunk(1, 24), bytes(3 * 8000))
    size = struct.pack("<I", 2**30 - 4)
    (tmp_path / "a.wav").write_bytes(start[:40] + size + start[44:])
    os.truncate(tmp_path / "a.wav", 2**30)
    tracemalloc.start()
    decoded, _ = read_wave(tmp_path / "a.wav", 2.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(decoded) == 16_001
    assert peak < 2**24


def test_sound_subfolders_are_classes_and_unreadable_files_are_listed(tmp_path):
    for name, pitch in (("high", 2000), ("low", 250)):
        for number in range(3):
            write_wav(tmp_path / name / f"{number}.wav", sine_wave(pitch, 16_000, 0.3), 16_000)
    (tmp_path / "low" / "none.wav").write_bytes(b"")
    write_wav(tmp_path / "low" / "empty.wav", np.zeros(0))
    data = load("sound-folder", tmp_path, seconds=0.5)
    assert data.facts.class_names == ("high", "low")
    assert tuple(data.train.inputs["samples"].shape) == (6, 1, BINS, frame_count(4000))
    assert data.train.target.tolist() == [0, 0, 0, 1, 1, 1]
    assert data.left_out == (
        LeftOut("sound", "low/empty.wav", "the file contains no sound"),
        LeftOut("sound", "low/none.wav", "the file is truncated"),
    )
    loudest = data.train.inputs["samples"][:, 0, :, 5].argmax(1)
    assert (loudest[:3] < loudest[3:]).all()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"this is no WAV file", "not a WAV file"),
        (b"RIFF\x24\0\0\0AVI LIST", "not a WAV file"),
        (b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x03\0\x01\0" + bytes(12), "the file is truncated"),
        (b"RIFF", "the file is truncated"),
        (riff_file(format_chunk(6, 8), b"abcd"), "save it as 16-bit PCM"),
        (riff_file(format_chunk(3, 16), b"abcd"), "save it as 16-bit PCM"),
        (riff_file(format_chunk(1, 16, channels=0), b"abcd"), "not a WAV file"),
        (riff_file(b"", b"abcd"), "not a WAV file"),
        (riff_file(format_chunk(1, 16, rate=0), b"abcd"), "contains no sound"),
        (riff_file(format_chunk(1, 16), b""), "contains no sound"),
        (
            riff_file(format_chunk(3, 32), np.float32([0.5, np.nan]).tobytes()),
            "NaN or infinite values",
        ),
    ],
)
def test_invalid_wav_files_are_rejected(tmp_path, content, message):
    for name in ("high", "low"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.wav").write_bytes(content)
    with pytest.raises(DataError, match=message):
        load("sound-folder", tmp_path)


@pytest.mark.parametrize(
    ("files", "source"),
    [
        (["cat/a.png", "dog/b.png"], "image-folder"),
        (["train/cat/a.png", "test/cat/b.png"], "image-folder"),
        (["a.png", "b.png"], "picture-folder"),
        (["pictures/a.png", "masks/a.png"], "mask-folder"),
        (["Images/a.png", "Masks/a.png", "read me.txt"], "mask-folder"),
        (["images/a.png", "annotations/a.png"], "mask-folder"),
        (["train/images/a.png", "train/masks/a.png", "val/images/b.png"], "mask-folder"),
        (["images/train/a.png", "masks/train/a.png", "images/val/b.png"], "mask-folder"),
        (["images/a.png", "labels/a.txt"], "picture-folder"),
        (["train/a.png", "test/b.png"], "picture-folder"),
        (["data/Train/cat/a.png", "data/Val/cat/b.png", "data/Train/dog/c.png"], "image-folder"),
        (["high/a.mp3", "low/b.mp3"], "sound-folder"),
        (["train/high/a.wav", "valid/low/b.wav"], "sound-folder"),
        (["high/a.wav", "low/a.WAV"], "sound-folder"),
    ],
)
def test_folder_source_is_detected_from_its_content(tmp_path, files, source):
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [reader.name for reader in readers_of(tmp_path)] == [source]
