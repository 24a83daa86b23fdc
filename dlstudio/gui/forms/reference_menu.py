"""The small menu at a field: a fixed number, a parameter of the block, or a fact of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtWidgets import QMenu

from dlstudio.design.model.references import resolve_refs
from dlstudio.design.model.values import Ref
from dlstudio.gui.forms.reference_names import ReferenceNames
from dlstudio.gui.forms.value_format import format_value

_SCALES = ((2, 1), (3, 1), (4, 1), (1, 2), (1, 4))


def fill_reference_menu(
    menu: QMenu,
    names: Mapping[str, int],
    choose: Callable[[str], object],
    unlink: Callable[[], object],
    create_parameter: Callable[[], object],
    *,
    scales: bool = True,
) -> None:
    """Fill the menu anew.

    Args:
        menu: What is filled.
        names: The numbers that may be taken.
        choose: Called with the text that stands for a number: `channels × 4`.
        unlink: Makes the value a fixed number.
        create_parameter: Makes the value a new parameter of the block.
        scales: Whether multiples and parts of parameters are offered.
    """
    menu.clear()
    menu.addAction("A fixed number", unlink)
    references = names if isinstance(names, ReferenceNames) else ReferenceNames(names)
    if references.block_id:
        _add_heading(menu, "Parameters of the block")
        for name, number in references.parameter_values.items():
            menu.addAction(f"{name} = {number}", partial(choose, name))
        for name in references.parameter_values if scales else ():
            _add_scales(menu.addMenu(f"{name} times or divided"), name, references, choose)
        menu.addAction("A new parameter", create_parameter)
    if references.data_values:
        _add_heading(menu, "From the data")
        for name, number in references.data_values.items():
            menu.addAction(f"{name} = {number}", partial(choose, name))


def _add_heading(menu: QMenu, text: str) -> None:
    menu.addSeparator()
    menu.addAction(text).setEnabled(False)


def _add_scales(
    menu: QMenu, name: str, names: Mapping[str, int], choose: Callable[[str], object]
) -> None:
    for times, divide in _SCALES:
        ref = Ref(name, times, divide)
        try:
            number = resolve_refs(ref, names)
        except ValueError:
            continue
        text = format_value(ref)
        menu.addAction(f"{text} = {number}", partial(choose, text))
