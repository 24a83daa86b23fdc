"""Writes the inputs of views to files for another process, and reads them.

A network is written as design, weights and data; other inputs as arrays and plain values.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from dlstudio.data.core.progress import ProgressCallback
from dlstudio.insight.common.eval_mode import no_progress
from dlstudio.insight.common.network_pair import NetworkPair
from dlstudio.insight.common.network_state import NetworkState
from dlstudio.insight.series.series import Series
from dlstudio.insight.trace.step_trace import StepTrace
from dlstudio.worker.network_files import Description, NetworkWriter, read_network
from dlstudio.worker.value_files import read_value, write_value

ViewInput: TypeAlias = NetworkState | NetworkPair | Series | StepTrace
"""Types of inputs: those of `state`, `pair`, `series` and `trace` in `ViewSpec.input`."""
_ARRAYS = "input.safetensors"


class InputWriter:
    """Writes inputs into a folder."""

    def __init__(self, folder: Path) -> None:
        """Write into `folder`, which must exist."""
        self._folder = folder
        self._networks = NetworkWriter(folder)

    def write(self, value: ViewInput) -> Description:
        """Write an input and return a JSON description for `read_input`.

        The caller must then call `delete_files`.

        Raises:
            WeightsError, OSError: A file cannot be written.
        """
        states = _states(value)
        if not states:
            return write_value(value, self._folder / _ARRAYS)
        networks: list[Description] = []
        try:
            for state in states:
                networks.append(self._networks.write(state.network, state.project))
        except Exception:
            delete_files({"networks": networks})
            raise
        return {
            "networks": networks,
            "data_dir": states[0].data_dir,
            "design_dir": states[0].design_dir,
        }


def progress_of(value: ViewInput) -> ProgressCallback:
    """Return the progress callback of an input."""
    states = _states(value)
    return states[0].progress if states else no_progress


def delete_files(description: Mapping[str, Any]) -> None:
    """Delete the files of one input except the data files, which the next one may reuse."""
    for network in description.get("networks", ()):
        Path(network["weights"]).unlink(missing_ok=True)
    if "arrays" in description:
        Path(description["arrays"]).unlink(missing_ok=True)


def read_input(description: Mapping[str, Any], progress: ProgressCallback) -> ViewInput:
    """Return the input described by `InputWriter.write`.

    Raises:
        ValueError: The description is invalid.
    """
    if "networks" not in description:
        return _read_values(description)
    progress("Building the network", None)
    states = []
    for network in description["networks"]:
        view, project = read_network(network)
        places = (description["data_dir"], description["design_dir"])
        states.append(NetworkState(view, project, progress, *places))
    return states[0] if len(states) == 1 else NetworkPair(*states)


def _read_values(description: Mapping[str, Any]) -> ViewInput:
    value = read_value(description)
    if not isinstance(value, (Series, StepTrace)):
        raise ValueError(f"A {type(value).__name__} is not an input of a view.")
    return value


def _states(value: ViewInput) -> tuple[NetworkState, ...]:
    """Return the networks of an input, in order."""
    if isinstance(value, NetworkState):
        return (value,)
    return (value.first, value.second) if isinstance(value, NetworkPair) else ()
