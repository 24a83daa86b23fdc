from __future__ import annotations

from typing import Any

import pytest
from drawing import PICTURES

from dlstudio.design import edits
from dlstudio.design.blocks import group
from dlstudio.design.model import Project
from dlstudio.layers.kind import Call
from dlstudio.network.inference import Checker
from dlstudio.network.meta import MetaRunner, Trial

CONV = {"out_channels": 4, "padding": (1, 1)}


def repeated(times: int, share: bool) -> Project:
    project, last = Project(), None
    for kind, settings in (
        ("input", {}), ("conv2d", CONV), ("conv2d", CONV), ("relu", {}), ("output", {}),
    ):  # fmt: skip
        project, last = edits.append_after(project, last, kind, settings)
    project, placement = group(project, ["conv2d_2", "relu_1"])
    return edits.set_settings(project, [placement], {"repeat": times, "share": share})


@pytest.mark.parametrize("share", [False, True])
def test_an_edit_inside_runs_only_the_first_repeats(
    monkeypatch: pytest.MonkeyPatch, share: bool
) -> None:
    checker, project = Checker(), repeated(40, share)
    assert len(checker.check(project, PICTURES).nodes) == 3 + 80
    ran: list[str] = []
    run = MetaRunner.run

    def noted(self: MetaRunner, call: Call, *rest: Any, **more: Any) -> Trial:
        ran.append(call.target.rpartition(".")[2])
        return run(self, call, *rest, **more)

    monkeypatch.setattr(MetaRunner, "run", noted)
    changed = edits.set_settings(project, ["conv2d_2"], {"bias": False}, scope="block")
    checker.check(changed, PICTURES)
    assert ran == ["Conv2d"]


def test_repeats_share_one_answer_that_a_single_check_confirms() -> None:
    checker, project = Checker(), repeated(5, share=True)
    first = checker.examine(project, PICTURES)
    asked = {id(each) for path, each in first.evaluations.items() if path.endswith("relu_1")}
    assert len(asked) == 1
    wider = edits.set_settings(project, ["conv2d_1"], {"out_channels": 7})
    again = checker.check(wider, PICTURES)
    assert again == Checker().check(wider, PICTURES)
