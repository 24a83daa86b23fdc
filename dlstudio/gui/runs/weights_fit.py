"""Whether trained weights belong to the network of the open design. Imports no torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from dlstudio.design.model.model import Project
from dlstudio.design.model.report import Report
from dlstudio.training.storage.weights_origin import (
    read_header,
    read_origin,
    weights_fingerprint,
)

_COUNTER = ".num_batches_tracked"
"""A counter of batch normalisation, which is no number of the network."""


def weights_fit(file: Path, project: Project, report: Report) -> bool:
    """Whether the weights in a file belong to the network of a design.

    The fingerprint that a run writes into the file decides. A file of an older version must hold as
    many numbers for each layer as the layer needs; layers that share weights are not compared then,
    because the file names the weights of only one of them.

    Args:
        file: A safetensors file.
        project: The design.
        report: The check of this design.
    """
    fingerprint = read_origin(file).network
    if fingerprint:
        return fingerprint == weights_fingerprint(project, report)
    stored = _stored_numbers(file)
    if stored is None:
        return False
    shared = _sharing_cards(project)
    needed = {
        path: node.cost.parameters + node.cost.buffers
        for path, node in report.nodes.items()
        if node.cost.parameters + node.cost.buffers
    }
    stored_by_layer = dict.fromkeys(needed, 0)
    for name, count in stored.items():
        layer = next((path for path in _prefixes(name) if path in report.nodes), None)
        if layer is None:
            return False
        stored_by_layer[layer] = stored_by_layer.get(layer, 0) + count
    compared = [
        path for path in {*needed, *stored_by_layer} if path.partition(".")[0] not in shared
    ]
    return all(stored_by_layer.get(path, 0) == needed.get(path, 0) for path in compared)


def _stored_numbers(file: Path) -> Mapping[str, int] | None:
    """Return how many numbers each tensor of a safetensors file holds; None if it is none."""
    try:
        header = read_header(file)
        return (
            None
            if header is None
            else {
                name: math.prod(value["shape"])
                for name, value in header.items()
                if name != "__metadata__" and not name.endswith(_COUNTER)
            }
        )
    except (KeyError, TypeError, AttributeError):
        return None


def _prefixes(name: str) -> list[str]:
    """Return the paths that a tensor's name begins with, the longest first."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]


def _sharing_cards(project: Project) -> set[str]:
    """Return the cards of the top level that share weights, or hold layers that do."""
    cards: set[str] = set()
    blocks = {
        block_id
        for block_id, block in project.blocks.items()
        if any(node.weights_from for node in block.graph.nodes.values())
        or any(node.settings.get("share") is True for node in block.graph.nodes.values())
    }
    for node in project.graph.nodes.values():
        if node.weights_from:
            cards |= {node.id, node.weights_from.partition(".")[0]}
        block = node.settings.get("block")
        if block in blocks or node.settings.get("share") is True:
            cards.add(node.id)
    return cards
