"""Creates the project's virtual environment; shared by studio.py and check.py.

Uses only the standard library, and works the same on Linux, macOS and Windows.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "dlstudio.json"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
OLDEST_PYTHON = (3, 11)
ANSWER_SECONDS, REPORT_SECONDS = 15, 180
TORCH_INDEX = "https://download.pytorch.org/whl/"


@dataclass(frozen=True)
class Stamp:
    """The inputs from which the environment was created; stored inside it."""

    inputs: str = ""
    extras: tuple[str, ...] = ()
    build: str = ""


class SetupError(Exception):
    """The environment cannot be created; the message says why and what to do."""


def python() -> Path:
    """Return the environment's Python."""
    if os.name == "nt":
        return ENVIRONMENT / "Scripts" / "python.exe"
    return ENVIRONMENT / "bin" / "python"


def ensure(extras: Sequence[str] = (), build: str = "") -> Path:
    """Create or update the environment if necessary and return its Python.

    Args:
        extras: Groups of optional packages, such as `test`.
        build: `cpu`, `cuda`, or empty for the default build of the package index.

    Raises:
        SetupError: Python is too old, or the installation failed.
    """
    if sys.version_info < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        raise SetupError(
            f"this is Python {sys.version.split()[0]}; dlstudio needs {oldest} or newer"
        )
    installed = _read_stamp()
    wanted = Stamp(
        _fingerprint(), tuple(sorted({*extras, *installed.extras})), build or installed.build
    )
    if installed != wanted or not python().exists():
        _install(wanted, rebuild=installed.build != wanted.build)
        STAMP.write_text(json.dumps(asdict(wanted)), encoding="utf-8")
    return python()


def _read_stamp() -> Stamp:
    try:
        data = json.loads(STAMP.read_text(encoding="utf-8"))
        return Stamp(data["inputs"], tuple(data["extras"]), data["build"])
    except (OSError, ValueError, KeyError, TypeError):
        return Stamp()


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]} {sys.platform} {ROOT}".encode())
    for path in (CONSTRAINTS, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _install(wanted: Stamp, *, rebuild: bool) -> None:
    if not python().exists():
        print(f"creating the environment {ENVIRONMENT}", flush=True)
        venv.create(ENVIRONMENT, with_pip=True)
    index = _index(wanted.build)
    if index and not _is_reachable(index[-1]):
        raise SetupError(
            f"cannot reach {index[-1]}, which hosts torch's {wanted.build} build; "
            f"try again later, or use the default build by leaving --{wanted.build} out"
        )
    _pip("--quiet", "--upgrade", "pip")
    pins = ["--constraint", str(CONSTRAINTS), *index]
    group = f"[{','.join(wanted.extras)}]" if wanted.extras else ""
    arguments = [*pins, "--editable", f"{ROOT}{group}"]
    print("resolving the required packages", flush=True)
    size, count = _download_size(arguments)
    if count:
        amount = f"{size / 1e6:,.0f} MB" if size else "unknown"
        print(f"installing {count} packages, download size: {amount}", flush=True)
        if not wanted.build and _index("cpu") and not shutil.which("nvidia-smi"):
            print(
                "(no NVIDIA GPU found; for a smaller download press Ctrl-C and use --cpu)",
                flush=True,
            )
    if rebuild and wanted.build and _has_torch():
        _pip("--force-reinstall", "--no-deps", *pins, "torch", "torchvision")
    _pip(*arguments)


def _is_reachable(link: str) -> bool:
    try:
        with urlopen(Request(f"{link}/torch/", method="HEAD"), timeout=ANSWER_SECONDS):
            return True
    except OSError:
        return False


def _has_torch() -> bool:
    command = [str(python()), "-m", "pip", "show", "--quiet", "torch"]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


def _index(build: str) -> list[str]:
    """Return pip's arguments that select torch's build; empty if the platform has only one."""
    if not build or sys.platform == "darwin":
        return []
    default_build = "cuda" if sys.platform.startswith("linux") else "cpu"
    if build == default_build:
        return []
    return ["--extra-index-url", TORCH_INDEX + ("cpu" if build == "cpu" else "cu130")]


def _pip_install() -> list[str]:
    return [str(python()), "-m", "pip", "--disable-pip-version-check", "install"]


def _pip(*arguments: str) -> None:
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    if subprocess.run([*_pip_install(), *quiet, *arguments], check=False).returncode:
        raise SetupError(
            "the installation failed; see pip's message above. Check the network connection and "
            f"the free disk space. Delete {ENVIRONMENT} to start again."
        )


def _download_size(arguments: Sequence[str]) -> tuple[int, int]:
    """Return the size in bytes (0 if unknown) and the number of packages pip would download."""
    command = [*_pip_install(), "--quiet", "--dry-run", "--report", "-", *arguments]
    try:
        result = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=REPORT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return 0, 0
    try:
        report = json.loads(result.stdout)
    except ValueError:
        return 0, 0
    links = [package["download_info"]["url"] for package in report["install"]]
    links = [link for link in links if link != ROOT.as_uri()]
    with ThreadPoolExecutor(8) as pool:
        sizes = list(pool.map(_size_of, links))
    return (sum(sizes) if all(sizes) else 0), len(links)


def _size_of(link: str) -> int:
    url = urlsplit(link)
    try:
        if url.scheme == "file":
            path = Path(unquote(url.path))
            return path.stat().st_size if path.is_file() else 1
        with urlopen(Request(link, method="HEAD"), timeout=20) as answer:
            return int(answer.headers.get("Content-Length") or 0)
    except (OSError, ValueError):
        return 0


PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""The Debian package of each system library that Qt may need."""


def ensure_system_libraries() -> None:
    """Report missing system libraries of Qt; on Debian and Ubuntu, root installs them.

    Raises:
        SetupError: Some are missing and must be installed manually.
    """
    missing = _missing_libraries() if sys.platform.startswith("linux") else []
    if not missing:
        return
    print(f"Qt needs these missing system libraries: {', '.join(missing)}", flush=True)
    packages = sorted({PACKAGES[name] for name in missing if name in PACKAGES})
    command = f"apt-get install -y {' '.join(packages)}"
    if os.geteuid() != 0 or not Path("/usr/bin/apt-get").exists():
        raise SetupError(f"install them first; on Debian and Ubuntu: sudo {command}")
    print(f"installing them: {command}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["apt-get", "-qq", "update"], [*command.split(), "-qq"]):
        subprocess.run(arguments, check=False, env=quiet, stdout=subprocess.DEVNULL)
    still_missing = _missing_libraries()
    if still_missing:
        raise SetupError(
            f"still missing: {', '.join(still_missing)}; install them with your package manager"
        )


def _platforms() -> tuple[str, ...]:
    """Return the names of the Qt platform plugins that this desktop would use."""
    return ("xcb", "offscreen", *(["wayland"] if os.environ.get("WAYLAND_DISPLAY") else []))


def _missing_libraries() -> list[str]:
    """Return the names of missing shared libraries that Qt needs."""
    program = "import PySide6, pathlib; print(pathlib.Path(PySide6.__file__).parent)"
    result = subprocess.run(
        [str(python()), "-c", program], check=True, capture_output=True, text=True
    )
    folder = Path(result.stdout.strip())
    files: Iterable[Path] = (
        *(folder / "Qt" / "plugins" / "platforms" / f"libq{name}.so" for name in _platforms()),
        *(folder / "Qt" / "lib" / f"libQt6{module}.so.6" for module in ("Gui", "Widgets", "Svg")),
    )
    libraries = [str(path) for path in files if path.exists()]
    output = subprocess.run(["ldd", *libraries], check=False, capture_output=True, text=True)
    return sorted(set(re.findall(r"^\s*(\S+) => not found", output.stdout, re.MULTILINE)))
