"""The drawn digits are what the program draws, and a trained network reads them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from dlstudio.data.downloads.drawn_digits import read_drawn_digits
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.insight.restored_network import restore_network
from dlstudio.training.protocol.events import RunOptions
from tests.resources.drawn_digits import FILE, drawn_digits, sheet

TRAINED = ("mnist-cnn", "lenet5", "vit-mnist", "rows-rnn", "rows-lstm", "rows-gru")


def test_sheet_is_what_the_program_draws() -> None:
    with Image.open(FILE) as image:
        stored = np.array(image).astype(int)
    current = np.array(sheet(drawn_digits())).astype(int)
    assert stored.shape == current.shape
    assert abs(stored - current).max() <= 1
    assert FILE.stat().st_size < 60_000


def test_digits_are_centred_by_mass_in_their_box() -> None:
    images = read_drawn_digits().data.inputs["samples"].double().squeeze(1)
    positions = torch.arange(28, dtype=torch.float64)
    mass = images.sum((1, 2))
    for axis in (1, 2):
        centres = (images.sum(3 - axis) * positions).sum(1) / mass
        assert (centres - 13.5).abs().max() < 0.3
    covered = images >= 128
    for axis in (1, 2):
        extent = covered.any(3 - axis).sum(1)
        assert extent.max() <= 20


@pytest.mark.parametrize("name", TRAINED)
def test_trained_networks_read_the_digits(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("DLSTUDIO_DATA", str(tmp_path_factory.mktemp("empty")))
    project = load(example_path(name))
    weights = str(example_path(name).with_suffix(".safetensors"))
    restored = restore_network(project, RunOptions(initial_weights=weights))
    assert restored is not None
    assert restored.network.samples_note == (
        "50 digits drawn for dlstudio; MNIST is not downloaded"
    )
    view = restored.network.view
    assert view is not None
    assert list(view.subsets) == ["test"]
    digits = view.subsets["test"]
    assert len(digits) == 50
    module = view.objective.main.module.eval()
    with torch.no_grad():
        scores = module(view.normaliser.apply("samples", digits.inputs["samples"]))
    predicted = (scores[0] if isinstance(scores, tuple) else scores).argmax(1)
    assert digits.target is not None
    correct = int((predicted == digits.target).sum())
    print(f"{name}: {correct} of 50")
    assert correct >= 45
