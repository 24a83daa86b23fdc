import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).parent.parent / "packaging"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The bootstrap module with its environment in an empty folder."""
    spec = importlib.util.spec_from_file_location("bootstrap", PACKAGING / "bootstrap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "bootstrap", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / "venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / "venv" / "dlstudio.json")
    return module


@pytest.fixture
def install_calls(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []

    def install(wanted: object, *, rebuild: bool) -> None:
        calls.append(f"{wanted} {rebuild}")
        bootstrap.python().parent.mkdir(parents=True, exist_ok=True)
        bootstrap.python().touch()

    monkeypatch.setattr(bootstrap, "_install", install)
    return calls


def test_second_start_installs_nothing(bootstrap: ModuleType, install_calls: list[str]) -> None:
    bootstrap.ensure()
    bootstrap.ensure()
    assert len(install_calls) == 1


def test_extras_are_installed_once_and_remembered(
    bootstrap: ModuleType, install_calls: list[str]
) -> None:
    bootstrap.ensure()
    bootstrap.ensure(["test"])
    bootstrap.ensure()
    assert len(install_calls) == 2


def test_requesting_another_torch_build_installs_again(
    bootstrap: ModuleType, install_calls: list[str]
) -> None:
    bootstrap.ensure()
    bootstrap.ensure(build="cpu")
    bootstrap.ensure()
    assert len(install_calls) == 2
    assert install_calls[1].endswith("True")


def test_changed_pins_install_again(
    bootstrap: ModuleType, install_calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.ensure()
    pins = tmp_path / "constraints.txt"
    pins.write_text("torch==9.9", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "CONSTRAINTS", pins)
    bootstrap.ensure()
    assert len(install_calls) == 2


def test_old_python_is_rejected_with_a_message(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 0))
    with pytest.raises(bootstrap.SetupError, match=r"99\.0 or newer"):
        bootstrap.ensure()


@pytest.mark.parametrize(
    ("system", "build", "ending"),
    [
        ("linux", "", None),
        ("linux", "cuda", None),
        ("linux", "cpu", "/cpu"),
        ("win32", "cpu", None),
        ("win32", "cuda", "/cu130"),
        ("darwin", "cuda", None),
    ],
)
def test_index_is_given_only_on_platforms_with_several_builds(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    build: str,
    ending: str | None,
) -> None:
    monkeypatch.setattr(bootstrap.sys, "platform", system)
    arguments = bootstrap._index(build)
    assert (arguments[-1].endswith(ending) if ending else arguments == []) is True


def test_unreachable_index_is_reported(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.setattr(bootstrap, "TORCH_INDEX", "http://127.0.0.1:9/")
    monkeypatch.setattr(bootstrap.venv, "create", lambda *_args, **_kwargs: None)
    with pytest.raises(bootstrap.SetupError, match="leaving --cpu out"):
        bootstrap.ensure(build="cpu")


def test_size_of_a_local_wheel_is_read(bootstrap: ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "some wheel.whl"
    wheel.write_bytes(b"x" * 1234)
    assert bootstrap._size_of(wheel.as_uri()) == 1234
    assert bootstrap._size_of("http://127.0.0.1:9/none.whl") == 0


def test_missing_libraries_are_listed_without_root(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.setattr(bootstrap, "_missing_libraries", lambda: ["libEGL.so.1"])
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(bootstrap.SetupError, match="sudo apt-get install -y libegl1"):
        bootstrap.ensure_system_libraries()


def test_packaging_and_resources_are_not_packages() -> None:
    root = PACKAGING.parent
    assert not list((root / "packaging").rglob("__init__.py"))
    assert not list((root / "resources").rglob("__init__.py"))


def test_studio_script_shows_help() -> None:
    arguments = [sys.executable, str(PACKAGING / "studio.py"), "--help"]
    assert "--cpu" in subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
