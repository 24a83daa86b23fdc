"""The weights shipped with examples are small, complete, and match their designs."""

import pytest
import torch

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.library.examples import example_path, lesson_names
from dlstudio.design.library.files import load
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import fingerprint_file, load_weights, read_weights

MEGABYTE = 1_000_000
TRAINED = [name for name in lesson_names() if load(example_path(name)).weights is not None]
FILES = sorted(example_path("digits-mlp").parent.glob("*.safetensors"))
TO_IMPORT = "mnist-trunk"
"""Weights that `transfer-digits` imports; they are not the weights of an example."""


def test_every_file_belongs_to_an_example() -> None:
    assert TRAINED
    assert [path.stem for path in FILES] == sorted([*TRAINED, TO_IMPORT])


def test_weights_files_are_small() -> None:
    sizes = [path.stat().st_size for path in FILES]
    assert max(sizes) <= 2 * MEGABYTE
    assert sum(sizes) <= 20 * MEGABYTE


@pytest.mark.parametrize("name", TRAINED)
def test_weights_match_their_design_exactly(name: str) -> None:
    project = load(example_path(name))
    assert project.weights is not None
    path = example_path(name).with_name(project.weights.file)
    assert fingerprint_file(path) == project.weights.fingerprint
    assert load_weights(compile_design(project, info_of(project.data)).module, path).is_complete
    floats = [tensor for tensor in read_weights(path).values() if tensor.is_floating_point()]
    assert {tensor.dtype for tensor in floats} == {torch.float16}
