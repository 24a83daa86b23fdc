"""Turns the exception that ended a run into a message: what happened, where, what to do."""

from __future__ import annotations

import traceback
from types import TracebackType

import torch
from torch import nn

from dlstudio.data.core.errors import DataError
from dlstudio.design.library.files import FileError
from dlstudio.design.storage.file_errors import file_error_reason, is_disk_full
from dlstudio.entry_points import error_text
from dlstudio.network.compile.compile import CompileError
from dlstudio.network.weights.weights import WeightsError
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import Failed

_READABLE = (TrainingError, DataError, FileError, CompileError, WeightsError)


def to_failed_event(error: BaseException, module: nn.Module | None, run_dir: str) -> Failed:
    """Return the event that ends a run."""
    details = "".join(traceback.format_exception(error))
    node = getattr(error, "node", "") or _layer_path(error.__traceback__, module)
    return Failed(_message(error, node), node, details, run_dir)


def _message(error: BaseException, node: str) -> str:
    if isinstance(error, _READABLE):
        return str(error)
    if _is_out_of_memory(error):
        return (
            "There is not enough memory for this run. Choose a smaller batch size, a smaller "
            "network, or another device; existing checkpoints are kept."
        )
    if isinstance(error, OSError):
        return _file_error_message(error)
    if isinstance(error, IndexError) and "index out of range in self" in error_text(error):
        table = f"the embedding {node!r}" if node else "an Embedding"
        return (
            f"An index is out of range in {table}. Indices start at 0: set the number of "
            "embeddings to the largest index plus 1."
        )
    where = f" in layer {node!r}" if node else ""
    first = (error_text(error).strip() or type(error).__name__).splitlines()[0]
    return f"The run failed{where}: {first}. See the log for details."


def _is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = error_text(error)
    return isinstance(error, RuntimeError) and (
        "not enough memory" in text or "out of memory" in text or "can't allocate memory" in text
    )


def _file_error_message(error: OSError) -> str:
    name = error.filename or "a file"
    if is_disk_full(error):
        return "The disk is full. Free some space, then resume the run."
    if isinstance(error, FileNotFoundError):
        return f"{name} was not found. Restore or locate it, then resume the run."
    if isinstance(error, PermissionError):
        return f"Access to {name} was denied. Choose another folder or change its permissions."
    return f"{name} cannot be read or written: {file_error_reason(error)}."


def _layer_path(trace: TracebackType | None, module: nn.Module | None) -> str:
    """Return the path of the innermost layer whose forward pass raised the exception."""
    if module is None:
        return ""
    names = {id(submodule): name for name, submodule in module.named_modules()}
    path = ""
    while trace is not None:
        path = names.get(id(trace.tb_frame.f_locals.get("self")), "") or path
        trace = trace.tb_next
    return path
