from __future__ import annotations

import pytest

from dlstudio.design import edits
from dlstudio.design.blocks import (
    add_parameter,
    change_parameter,
    group,
    promote_setting,
    remove_parameter,
    rename_parameter,
    set_parameter_value,
    ungroup,
)
from dlstudio.design.commands.clipboard import copy, paste
from dlstudio.design.edits import EditError
from dlstudio.design.library.files import dumps, loads
from dlstudio.design.model.model import Parameter, Project
from dlstudio.design.model.values import Ref
from dlstudio.design.structure.expand import expand


@pytest.fixture
def project() -> Project:
    """A design with a block of a convolution and a ReLU; `width` sets its channels."""
    project, last = Project(), None
    for kind in ("input", "conv2d", "relu", "output"):
        project, last = edits.append_after(project, last, kind)
    project, _ = group(project, ["conv2d_1", "relu_1"], "Cell")
    return promote_setting(project, "conv2d_1", "out_channels", "width", 8, scope="cell")


def inner_value(project: Project, block: str = "cell") -> object:
    return project.blocks[block].graph.nodes["conv2d_1"].settings["out_channels"]


def placement_values(project: Project) -> object:
    return project.graph.nodes["cell_1"].settings["values"]


def test_setting_becomes_a_parameter_with_its_default(project: Project) -> None:
    assert project.blocks["cell"].parameters == (Parameter("width", 8),)
    assert inner_value(project) == Ref("width")
    assert expand(project).nodes["cell_1.conv2d_1"].parameter_values == {"width": 8}
    assert loads(dumps(project)) == project


def test_placement_value_overrides_the_default_until_it_is_cleared(project: Project) -> None:
    with_value = set_parameter_value(project, "cell_1", "width", 24)
    assert expand(with_value).nodes["cell_1.conv2d_1"].parameter_values == {"width": 24}
    cleared = set_parameter_value(with_value, "cell_1", "width", None)
    assert expand(cleared).nodes["cell_1.conv2d_1"].parameter_values == {"width": 8}


def test_renaming_updates_placements_and_inner_references(project: Project) -> None:
    with_value = set_parameter_value(project, "cell_1", "width", 24)
    scaled = edits.set_settings(
        with_value, ["conv2d_1"], {"out_channels": Ref("width", 2, 3)}, "cell"
    )
    renamed = rename_parameter(scaled, "cell", "width", "channels")
    assert renamed.blocks["cell"].parameters == (Parameter("channels", 8),)
    assert inner_value(renamed) == Ref("channels", 2, 3)
    assert placement_values(renamed) == {"channels": 24}
    assert rename_parameter(renamed, "cell", "channels", "width") == scaled


def test_removing_a_parameter_inserts_its_default(project: Project) -> None:
    with_value = set_parameter_value(project, "cell_1", "width", 24)
    scaled = edits.set_settings(
        with_value, ["conv2d_1"], {"out_channels": Ref("width", 3, 2)}, "cell"
    )
    without = remove_parameter(scaled, "cell", "width")
    assert (without.blocks["cell"].parameters, inner_value(without), placement_values(without)) == (
        (),
        12,
        {},
    )
    with pytest.raises(EditError, match="no parameter called 'width'"):
        remove_parameter(without, "cell", "width")


def test_default_and_help_are_changed(project: Project) -> None:
    changed = change_parameter(project, "cell", "width", default=Ref("classes"), help_text="a\nb")
    assert changed.blocks["cell"].parameters == (Parameter("width", Ref("classes"), "a b"),)
    assert change_parameter(changed, "cell", "width", help_text="a b") is changed
    with pytest.raises(EditError, match="integer"):
        change_parameter(project, "cell", "width", default=0.5)


@pytest.mark.parametrize("name", ["", "two words", "repeat", "values", "class", "ü"])
def test_invalid_name_is_refused(project: Project, name: str) -> None:
    with pytest.raises(EditError, match="is not a valid parameter name"):
        add_parameter(project, "cell", name)


def test_duplicate_name_is_refused(project: Project) -> None:
    with pytest.raises(EditError, match="already has a parameter"):
        add_parameter(project, "cell", "width")
    with_data_ref = edits.set_settings(project, ["relu_1"], {"x": (Ref("classes"),)}, "cell")
    with pytest.raises(EditError, match="for a data fact"):
        rename_parameter(with_data_ref, "cell", "width", "classes")


def test_grouping_inside_a_block_inherits_its_parameters(project: Project) -> None:
    nested, placement = group(project, ["conv2d_1"], "Inner", scope="cell")
    assert nested.blocks["inner"].parameters == (Parameter("width", 8),)
    with_value = set_parameter_value(nested, "cell_1", "width", 24)
    flat = expand(with_value)
    assert flat.problems == ()
    assert flat.nodes[f"cell_1.{placement}.conv2d_1"].parameter_values == {"width": 24}
    assert ungroup(nested, placement, "cell") == project


def test_layers_copied_out_of_a_block_get_the_defaults(project: Project) -> None:
    text = copy(project, ["conv2d_1"], "cell")
    outside, (new,) = paste(project, text)
    assert outside.graph.nodes[new].settings["out_channels"] == 8
    inside, (pasted,) = paste(project, text, scope="cell")
    assert inside.blocks["cell"].graph.nodes[pasted].settings["out_channels"] == Ref("width")


def test_block_cannot_contain_itself(project: Project) -> None:
    outer, placement = group(project, ["cell_1"], "Outer")
    for block in ("cell", "outer"):
        with pytest.raises(EditError, match="Cell cannot contain itself"):
            edits.add_node(outer, "block", settings={"block": block}, scope="cell")
    with pytest.raises(EditError, match="cannot contain itself"):
        paste(outer, copy(outer, [placement]), scope="cell")


def test_notes_and_positions_survive_pasting_and_ungrouping(project: Project) -> None:
    with_note, _ = edits.add_note(project, "why", (5.0, 90.0), scope="cell")
    pasted, (new,) = paste(Project(), copy(with_note, ["cell_1"]))
    assert pasted.layout_at("cell") == with_note.layout_at("cell")
    (note,) = ungroup(pasted, new).layout_at().notes.values()
    assert note.text == "why"


def test_pasting_twice_adds_a_renamed_block_only_once(project: Project) -> None:
    text = copy(project, ["cell_1"])
    other = edits.set_settings(project, ["relu_1"], {"inplace": True}, "cell")
    once, _ = paste(other, text)
    assert [block.title for block in once.blocks.values()] == ["Cell", "Cell 2"]
    assert paste(once, text)[0].blocks.keys() == once.blocks.keys()


def test_block_equals_another_only_if_its_inner_blocks_do(project: Project) -> None:
    outer, placement = group(project, ["cell_1"], "Outer")
    text = copy(outer, [placement])
    changed = remove_parameter(outer, "cell", "width")
    pasted, (new,) = paste(changed, text)
    block = pasted.blocks[str(pasted.graph.nodes[new].settings["block"])]
    assert block.id == "outer_1"
    assert block.graph.nodes["cell_1"].settings["block"] == "cell_1"
