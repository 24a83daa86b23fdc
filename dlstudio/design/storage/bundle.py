"""Bundles: a design and its trained weights in one zip file, for sharing."""

from __future__ import annotations

import hashlib
import io
import lzma
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

from dlstudio.design.model.model import Project, WeightsRef
from dlstudio.design.storage.atomic_files import read_bytes, write_bytes
from dlstudio.design.storage.design_file import MAX_BYTES, decode_text, dumps, loads
from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.design.storage.paths import absolute, relative

SUFFIX = ".dlstudioz"
DESIGN = "design.dlstudio"
WEIGHTS = "weights.safetensors"
MAX_WEIGHTS_BYTES = 16 * 2**30
_CHUNK = 2**20
_READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)
"""What `zipfile` and its decompressors raise for damaged, encrypted and unsupported files."""


def save_bundle(project: Project, path: Path | str, weights: Path | str | None) -> None:
    """Write the project and its weights, if any, as one file.

    Raises:
        FileError: The weights cannot be read, or the bundle cannot be written.
    """
    path = Path(path)
    try:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
            ref = None
            if weights is not None:
                content = _read_weights(Path(weights))
                ref = WeightsRef(WEIGHTS, _fingerprint(content))
                bundle.writestr(WEIGHTS, content)
            text = dumps(relative(replace(project, weights=ref), path.parent))
            bundle.writestr(DESIGN, text.encode("utf-8", errors="replace"))
        write_bytes(path, packed.getvalue())
    except FileError as error:
        raise FileError(f"{path.name} cannot be saved: {error}.") from error


def load_bundle(path: Path | str, folder: Path | str) -> tuple[Project, Path | None]:
    """Return the project of a bundle, and the path of its weights, unpacked into `folder`.

    The project does not refer to the weights until it is saved as a design.

    Raises:
        FileError: The bundle is damaged, or the weights cannot be written.
    """
    path, folder = Path(path), Path(folder)
    try:
        with _open_zip(io.BytesIO(read_bytes(path, MAX_WEIGHTS_BYTES))) as bundle:
            project = loads(decode_text(_read_member(bundle, DESIGN, MAX_BYTES)))
            packed = WEIGHTS in bundle.namelist()
            weights = _read_member(bundle, WEIGHTS, MAX_WEIGHTS_BYTES) if packed else b""
        ref, project = project.weights, replace(absolute(project, path.parent), weights=None)
        if ref is None or not packed:
            return project, None
        if _fingerprint(weights) != ref.fingerprint:
            raise FileError("its weights are damaged")
        unpacked = folder / f"{path.stem}-{_fingerprint(weights)[-12:]}.safetensors"
        _make_folder(folder)
        write_bytes(unpacked, weights)
    except FileError as error:
        raise FileError(f"{path.name} cannot be opened: {error}.") from error
    return project, unpacked


def _open_zip(file: io.BytesIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _READ_ERRORS as error:
        raise FileError("it is damaged: it is not a zip file") from error


def _read_member(bundle: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    """Return the bytes of a member; never more than `max_bytes`, whatever its header claims."""
    try:
        with bundle.open(name) as member:
            content = bytearray()
            while chunk := member.read(_CHUNK):
                content += chunk
                if len(content) > max_bytes:
                    raise FileError(f"it contains more than {max_bytes // 2**20} MiB")
            return bytes(content)
    except KeyError as error:
        raise FileError("it contains no design") from error
    except _READ_ERRORS as error:
        raise FileError("it is damaged") from error


def _read_weights(path: Path) -> bytes:
    try:
        return read_bytes(path, MAX_WEIGHTS_BYTES)
    except FileError as error:
        raise FileError(f"the weights in {path.name} cannot be read: {error}") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = file_error_reason(error)
        raise FileError(f"the folder {folder} cannot be created: {reason}") from error


def _fingerprint(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
