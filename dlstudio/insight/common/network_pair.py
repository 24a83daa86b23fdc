"""The input of views with the input `pair`: a network at two moments of a run."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

from dlstudio.insight.common.network_state import NetworkState
from dlstudio.network.weights.weights import WeightsError, load_weights
from dlstudio.training.storage.snapshots import StoredSnapshot


@dataclass(frozen=True, slots=True)
class NetworkPair:
    """A network at two moments, with the same data.

    Attributes:
        first: The network at the first moment, after `first.network.step` steps.
        second: The network at the second moment, usually the later one. Layers, parameters and
            their shapes are those of `first`.
    """

    first: NetworkState
    second: NetworkState


def state_at(state: NetworkState, snapshot: StoredSnapshot) -> NetworkState:
    """Return a copy of a network with the weights that it had at a snapshot.

    Raises:
        WeightsError: The file is missing or damaged, or belongs to another network.
    """
    objective = copy.deepcopy(state.network.objective)
    match = load_weights(objective.compiled.module, snapshot.path)
    if not match.is_complete:
        raise WeightsError(
            f"The snapshot of step {snapshot.step} belongs to another network. "
            "Train this one again."
        )
    network = replace(state.network, objective=objective, step=snapshot.step, epoch=snapshot.epoch)
    return replace(state, network=network)
