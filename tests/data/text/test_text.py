"""Text as windows of tokens: their contents, sampling and memory."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from dlstudio.data.core.batches import Batches
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.vocabulary import PAD
from dlstudio.data.core.window_views import sliding_windows, to_device, unique_bytes
from dlstudio.data.load import load_data
from dlstudio.data.preview import preview
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.text.text_file import read_text
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.signals import DatasetInfo

OPTIONS = [
    {}, {"unit": "bytes", "window": 9}, {"unit": "words", "window": 7, "most": 500},
    {"window": 30, "stride": 4}, {"window": 16, "windows": "random"},
    {"window": 16, "windows": "random", "per_epoch": 70},
]  # fmt: skip


def own_text_settings(tmp_path, text, split=None, **options):
    path = tmp_path / "own.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return DataSettings("text", {"path": str(path), **options}, split or Split(0.2, 0.2))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_python_manual_info_matches_the_loaded_dataset(options):
    settings = DataSettings("text", options)
    data = load_data(settings)
    assert data.facts == info_of(settings)
    subsets = {"train": data.train, "validation": data.validation, "test": data.test}
    assert {name: len(subset) for name, subset in subsets.items()} == data.facts.samples
    assert data.facts.numbers["vocabulary"] == len(data.vocabulary)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_target_is_the_window_shifted_by_one_token(options):
    data = load_data(DataSettings("text", options))
    for subset in (data.train, data.validation, data.test):
        inputs = subset.inputs["tokens"]
        assert inputs.dtype == subset.target.dtype == torch.int64
        assert inputs.shape == subset.target.shape
        assert torch.equal(inputs[:, 1:], subset.target[:, :-1])


def test_consecutive_windows_reproduce_the_text(tmp_path):
    text = "é".join(map(str, range(200)))
    data = load_data(own_text_settings(tmp_path, text, window=5))
    subsets = (data.train, data.validation, data.test)
    read = [
        data.vocabulary.decode(subset.inputs["tokens"].reshape(-1).tolist()) for subset in subsets
    ]
    assert text.startswith(read[0])
    assert text.index(read[1]) < text.index(read[2])
    assert sum(map(len, read)) > len(text) - 3 * 6


def test_tokens_only_in_later_spans_are_unknown(tmp_path):
    data = load_data(
        own_text_settings(tmp_path, "ab" * 40 + "xy" * 40, split=Split(0, 0.4), window=4)
    )
    assert data.vocabulary.tokens[1:] == ("a", "b", "x", "y")
    data = load_data(
        own_text_settings(tmp_path, "ab" * 40 + "xy" * 40, split=Split(0, 0.5), window=4)
    )
    assert data.vocabulary.tokens[1:] == ("a", "b")
    assert set(data.test.inputs["tokens"].unique().tolist()) == {PAD}


def test_only_the_most_frequent_words_are_kept(tmp_path):
    text = "one two two three three three " * 9
    data = load_data(own_text_settings(tmp_path, text, unit="words", window=3, most=3))
    assert data.vocabulary.tokens[1:] == ("three", "two")
    assert data.vocabulary.encode("two one three").tolist() == [2, PAD, 1]
    assert data.vocabulary.decode([2, 1]) == "two three"


def test_byte_tokens_cover_any_text(tmp_path):
    data = load_data(own_text_settings(tmp_path, "Grüße, 世界! " * 20, unit="bytes", window=8))
    assert data.vocabulary.decode(data.vocabulary.encode("Grüße").tolist()) == "Grüße"
    assert data.facts.numbers["vocabulary"] == 256


def test_random_windows_depend_on_seed_and_epoch():
    data = load_data(DataSettings("text", {"windows": "random", "window": 32}))
    batches = Batches(data.train, 64)
    assert batches.steps == -(-len(data.train) // 64)
    first, again, later = batches.order(3, 0), batches.order(3, 0), batches.order(3, 1)
    assert torch.equal(first, again)
    assert not torch.equal(first, later)
    assert len(first) == len(data.train) < data.train.total_samples
    assert int(first.max()) > len(data.train)


def test_per_epoch_sets_the_number_of_random_windows():
    options = {"windows": "random", "per_epoch": 96}
    train = load_data(DataSettings("text", options)).train
    assert len(train) == len(Batches(train, 12).order(0, 0)) == 96


def test_overlapping_windows_share_memory():
    data = load_data(DataSettings("text", {"stride": 1, "window": 256}))
    inputs = data.train.inputs["tokens"]
    assert unique_bytes(inputs) < inputs.nbytes / 200
    batches = Batches(data.train, 32)
    stored = batches._inputs["tokens"]
    assert unique_bytes(stored) == unique_bytes(inputs)
    order = batches.order(0, 0)
    assert torch.equal(batches.batch(order, 2).inputs["tokens"], inputs[order[64:96]])


@pytest.mark.parametrize("values", [torch.arange(40), torch.randn(40, 3)], ids=["1d", "2d"])
@pytest.mark.parametrize("stride", [1, 2, 7])
def test_windows_stay_views_after_to_device(values, stride):
    windows = sliding_windows(values[3:], 5, stride)
    assert torch.equal(to_device(windows, torch.device("cpu")), windows)
    assert torch.equal(windows[1], values[3 + stride : 8 + stride])
    assert unique_bytes(windows) <= values.nbytes or stride > 5


@pytest.mark.parametrize(
    ("text", "message"),
    [(b"", "is empty"), (b" \n\n ", "is empty"), (b"ab\0\1\2" * 50, "is not a text file"),
     (b"short", "train span of own.txt has 3 characters"),
     (b"x" * 60, "validation span")],
)  # fmt: skip
def test_invalid_texts_are_rejected(text, message, tmp_path):
    with pytest.raises(DataError, match=message):
        load_data(own_text_settings(tmp_path, text, window=12))


BINARY = {
    "image": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 20,
    "compressed, no zero byte": bytes(1 + n * 7 % 255 for n in range(4000)),
    "control characters": b"a\x01b\x02" * 100,
    "damaged UTF-16": b"\xff\xfe" + b"\x00\xd8" * 200,
}


@pytest.mark.parametrize("content", BINARY.values(), ids=BINARY)
def test_binary_file_is_rejected(content, tmp_path):
    with pytest.raises(DataError, match=r"own\.txt is not a text file; .* UTF-8\.$") as error:
        load_data(own_text_settings(tmp_path, content, window=12))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("encoding", "line"),
    [("utf-8", "Größe, naïve – 漢字"), ("utf-8-sig", "Größe"), ("utf-16", "Größe 漢字"),
     ("cp1252", "Größe – “naïve” €"), ("ascii", "\x1b[1mbold\x1b[0m\tand \f pages")],
)  # fmt: skip
def test_common_encodings_are_read(encoding, line, tmp_path):
    text = (line + "\n") * 30
    path = tmp_path / "some.txt"
    path.write_bytes(text.encode(encoding))
    assert read_text(path) == text


def test_folder_and_missing_file_are_rejected(tmp_path):
    for path, message in ((tmp_path, "is a folder"), (tmp_path / "gone.txt", "was not found")):
        with pytest.raises(DataError, match=message):
            load_data(DataSettings("text", {"path": str(path)}))


def test_info_of_a_user_text_is_the_last_known_one(tmp_path):
    settings = own_text_settings(tmp_path, "some text of mine " * 30, window=6)
    assert info_of(settings) == DatasetInfo()
    facts = load_data(settings).facts
    assert info_of(replace(settings, facts=facts)) == facts


def test_preview_has_shifted_targets():
    result = preview(load_data(DataSettings("text", {"window": 20})))
    assert len(result.texts) == len(result.targets) == 24
    assert all(
        text[1:] == target[:-1] for text, target in zip(result.texts, result.targets, strict=True)
    )
    assert np.size(result.rows) == 0
