from __future__ import annotations

import json
import os
import random
import shutil
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from dlstudio.design import edits
from dlstudio.design.changes.fingerprint import fingerprint, fingerprint_run
from dlstudio.design.library.files import (
    FileError,
    dumps,
    load,
    load_bundle,
    loads,
    save,
    save_bundle,
)
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project, WeightsRef
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import AUTOMATIC, TrainingSettings
from dlstudio.design.model.values import Ref
from dlstudio.design.storage import atomic_files
from dlstudio.design.storage.migrations import VERSION, migrate
from tests.design.storage.corrupt_files import DAMAGES, SOURCE, corrupt_files
from tests.design.storage.crash_saving import kill_while_saving


@pytest.fixture
def project() -> Project:
    return load(SOURCE)


def test_version_1_file_contains_all_parts_of_a_design(project: Project) -> None:
    conv = project.blocks["residual"].graph.nodes["conv2d_1"]
    placement = project.graph.nodes["residual_1"]
    assert conv.settings["out_channels"] == Ref("channels")
    assert placement.settings["values"] == {"channels": Ref("classes", 8, 5)}
    assert (placement.settings["repeat"], placement.settings["share"]) == (2, True)
    assert project.graph.nodes["linear_2"].weights_from == "linear_1"
    assert project.graph.nodes["input_1"].settings["role"] == "samples"
    assert project.graph.nodes["martian_1"].settings["tentacles"] == (1, (2.5, None))
    assert [group.name for group in project.training.groups] == ["head", "all"]
    assert project.training.groups[0].selector.paths == ("linear_1", "residual_1.0")
    assert project.weights == WeightsRef("weights.safetensors", "sha256:00ff")
    assert project.layout_at().notes["note_1"].text == "Watch\nthe “skip”"
    assert project.data.facts is not None
    assert project.data.facts.numbers == {"classes": 10, "features": 64}
    edge = project.graph.edges["residual_1.output>add_1.inputs#1"]
    assert (edge.target_port, edge.slot) == ("inputs", 1)


def test_loading_and_saving_again_gives_the_same_text(project: Project) -> None:
    assert loads(dumps(project)) == project
    assert dumps(replace(project, data=loads(SOURCE.read_text("utf-8")).data)) == SOURCE.read_text(
        "utf-8"
    )


def test_every_kind_of_damage_is_reported_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "design.dlstudio"
    for name, content in corrupt_files(4 * len(DAMAGES)):
        path.write_bytes(content)
        with pytest.raises(FileError) as caught:
            load(path)
        text = str(caught.value)
        assert text.startswith("design.dlstudio cannot be opened: "), name
        assert len(text.splitlines()) == 1, name
        assert text.isprintable(), name
        assert len(text) < 400, name


@pytest.mark.parametrize("kind", ["folder", "missing", "zeros"])
def test_anything_but_a_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = {"folder": tmp_path, "missing": tmp_path / "no", "zeros": Path("/dev/zero")}[kind]
    with pytest.raises(FileError, match="cannot be opened"):
        load(path)


def test_newer_version_is_named_in_the_message() -> None:
    with pytest.raises(FileError, match=rf"newer dlstudio .format {VERSION + 1}"):
        loads(f'{{"format": "dlstudio", "version": {VERSION + 1}}}')


def test_migrations_run_in_order() -> None:
    steps = {
        1: lambda document: {**document, "title": document["name"]},
        2: lambda document: {**document, "title": document["title"].upper()},
    }
    document = migrate({"format": "dlstudio", "version": 1, "name": "net"}, steps, 3)
    assert (document["title"], document["version"]) == ("NET", 3)


def test_unknown_names_and_positions_of_missing_cards_are_ignored() -> None:
    text = (
        '{"format": "dlstudio", "version": 1, "future": [1], "layouts": {"": {"positions": '
        '{"gone_1": [1, 2]}}, "lost": {}}, "data": {"colour": "blue"}}'
    )
    assert loads(text) == Project()


def test_old_file_stays_when_saving_fails(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "design.dlstudio"
    save(project, path)
    before = path.read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_files.os, "fsync", fail)
    with pytest.raises(FileError, match="cannot be saved: the disk is full"):
        save(edits.set_about(project, "new"), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_value_that_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    project = Project()
    invalid = replace(
        project, training=replace(project.training, loss_settings={"delta": float("nan")})
    )
    with pytest.raises(FileError, match="cannot be saved"):
        save(invalid, tmp_path / "design.dlstudio")
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")
def test_saving_follows_links_and_keeps_the_mode(tmp_path: Path, project: Project) -> None:
    real, link = tmp_path / "real.dlstudio", tmp_path / "link.dlstudio"
    save(project, real)
    real.chmod(0o640)
    link.symlink_to(real)
    save(edits.set_about(project, "new"), link)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert load(real).about == "new"


def test_stale_temporary_files_are_removed(tmp_path: Path, project: Project) -> None:
    leftover = tmp_path / ".design.dlstudio.00ff.tmp"
    leftover.write_text("half")
    os.utime(leftover, (0, 0))
    save(project, tmp_path / "design.dlstudio")
    assert not leftover.exists()


def test_killing_the_process_during_a_save_loses_nothing(tmp_path: Path) -> None:
    saved_numbers = kill_while_saving(tmp_path, 20)
    assert len(saved_numbers) == 20
    assert max(saved_numbers) > min(saved_numbers)


def test_data_paths_move_with_the_design(tmp_path: Path, project: Project) -> None:
    folder = tmp_path / "a" / "b" / "c"
    file = folder / "d.dlstudio"
    (folder / "sub").mkdir(parents=True)
    for data in (folder / "sub" / "x.csv", folder.parent / "beside" / "x.csv"):
        options = {"path": str(data)}
        save(edits.set_data(project, replace(project.data, options=options)), file)
        assert str(tmp_path) not in file.read_text("utf-8")
        moved = tmp_path / "moved" / "c"
        shutil.copytree(folder, moved)
        expected = moved / "sub" / "x.csv" if "sub" in str(data) else moved.parent / "beside/x.csv"
        assert load(moved / "d.dlstudio").data.options["path"] == str(expected)
        shutil.rmtree(tmp_path / "moved")


def test_bundle_contains_design_and_weights(tmp_path: Path, project: Project) -> None:
    weights = tmp_path / "trained.safetensors"
    weights.write_bytes(b"weights" * 999)
    bundle = tmp_path / "sent.dlstudioz"
    save_bundle(project, bundle, weights)
    loaded, unpacked = load_bundle(bundle, tmp_path / "unpacked")
    assert unpacked is not None
    assert unpacked.read_bytes() == weights.read_bytes()
    assert fingerprint_run(loaded) == fingerprint_run(project)
    assert loaded.weights is None


def test_damaged_bundle_is_refused(tmp_path: Path, project: Project) -> None:
    weights, bundle = tmp_path / "w.safetensors", tmp_path / "b.dlstudioz"
    weights.write_bytes(bytes(range(256)) * 40)
    save_bundle(project, bundle, weights)
    content = bundle.read_bytes()
    for end in range(0, len(content), 97):
        bundle.write_bytes(content[:end])
        with pytest.raises(FileError, match=r"b.dlstudioz cannot be opened"):
            load_bundle(bundle, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_bundle_packed_anew_is_opened_or_refused_in_words(
    tmp_path: Path, project: Project, method: int
) -> None:
    original, bundle = tmp_path / "a.dlstudioz", tmp_path / "b.dlstudioz"
    save_bundle(project, original, None)
    with zipfile.ZipFile(original) as source, zipfile.ZipFile(bundle, "w", method) as target:
        target.writestr("design.dlstudio", source.read("design.dlstudio"))
    assert fingerprint(load_bundle(bundle, tmp_path)[0]) == fingerprint(project)
    content, rng = bundle.read_bytes(), random.Random(method)
    reasons = []
    for _ in range(200):
        damaged = bytearray(content)
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        bundle.write_bytes(damaged)
        try:
            load_bundle(bundle, tmp_path)
        except FileError as error:
            reasons.append(str(error))
    assert len(reasons) > 100
    assert all(reason.startswith("b.dlstudioz cannot be opened: ") for reason in reasons)


def test_fingerprints_ignore_titles_and_positions(project: Project) -> None:
    same = edits.set_title(project, "linear_1", "Head")
    same = edits.move_nodes(same, {"linear_1": (5.0, 5.0)})
    assert fingerprint(same) == fingerprint(project)
    other = edits.set_settings(project, ["linear_1"], {"out_features": 11})
    assert fingerprint(other) != fingerprint(project)
    trained_longer = edits.set_training(project, replace(project.training, epochs=99))
    assert fingerprint(trained_longer) == fingerprint(project)
    assert fingerprint_run(trained_longer) != fingerprint_run(project)


@pytest.mark.parametrize(
    ("training", "version"),
    [
        (TrainingSettings(), 1),
        (AUTOMATIC, 2),
        (replace(AUTOMATIC, batch_size=8), 2),
        (TrainingSettings(epochs=None), 2),
        (TrainingSettings(keep_best=True), 2),
    ],
)
def test_lowest_version_that_holds_the_content_is_written(
    training: TrainingSettings, version: int
) -> None:
    text = dumps(Project(training=training))
    document = json.loads(text)
    assert document["version"] == version
    assert ("keep_best" in document["training"]) is training.keep_best
    assert loads(text).training == training


@pytest.mark.parametrize("standardise", [False, True])
def test_target_is_written_only_if_standardised(standardise: bool) -> None:
    project = Project(data=DataSettings("diabetes", standardise_target=standardise))
    document = json.loads(dumps(project))
    assert ("standardise_target" in document["data"]) is standardise
    assert document["version"] == (2 if standardise else 1)
    assert loads(dumps(project)) == project


@pytest.mark.parametrize("rules", [1, 2])
def test_rules_of_a_table_are_written_only_if_they_are_new(rules: int) -> None:
    info = DatasetInfo(numbers={"features": 3}, rules=rules)
    project = Project(data=DataSettings("csv", {"path": "t.csv"}, facts=info))
    document = json.loads(dumps(project))
    assert ("rules" in document["data"]["facts"]) is (rules == 2)
    assert document["version"] == rules
    assert loads(dumps(project)) == project
