"""The layers of compiled networks by their dotted paths."""

from __future__ import annotations

from torch import nn

from dlstudio.network.compile.compile import Compiled


def layer_modules(compiled: Compiled) -> dict[str, nn.Module]:
    """Return the module of each layer by its dotted path, in the order of the networks.

    Repeats with shared weights are one layer that is called several times.
    """
    return {
        str(node.target): component.module.get_submodule(str(node.target))
        for component in compiled.components
        for node in component.module.graph.nodes
        if node.op == "call_module"
    }
