"""Fingerprints of designs: equal exactly when the network, or the whole run, is the same."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from dlstudio.design.model.model import Block, Graph, Project
from dlstudio.design.storage.codec import encode_block, encode_graph, encode_training
from dlstudio.design.storage.dataclass_json import to_json_value


def fingerprint(project: Project) -> str:
    """Return the fingerprint of the network: graph and blocks, without titles or layout."""
    return _digest(_encode_network(project))


def fingerprint_run(project: Project) -> str:
    """Return the fingerprint of everything that determines a run: network, data and training."""
    values = {
        **_encode_network(project),
        "data": to_json_value(project.data),
        "training": encode_training(project.training),
    }
    return _digest(values)


def _encode_network(project: Project) -> dict[str, Any]:
    blocks = {
        block_id: encode_block(_without_block_titles(block))
        for block_id, block in project.blocks.items()
    }
    return {"graph": encode_graph(_without_titles(project.graph)), "blocks": blocks}


def _without_block_titles(block: Block) -> Block:
    parameters = tuple(replace(parameter, help="") for parameter in block.parameters)
    graph = _without_titles(block.graph)
    return replace(block, title="", help="", parameters=parameters, graph=graph)


def _without_titles(graph: Graph) -> Graph:
    nodes = {
        node_id: replace(node, title="") if node.title else node
        for node_id, node in graph.nodes.items()
    }
    return Graph(nodes, graph.edges)


def _digest(values: dict[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
