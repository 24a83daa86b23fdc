"""The menu of a number field: a fixed number, a block parameter, or a size of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtWidgets import QMenu

from dlstudio.design.model.references import resolve_refs
from dlstudio.design.model.values import Ref
from dlstudio.gui.forms.reference_names import ReferenceNames
from dlstudio.gui.forms.value_format import format_value
from dlstudio.gui.widgets.menu_heading import clear_menu

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
    """Clear and fill the menu.

    Args:
        menu: The menu.
        names: Numbers that may be referenced, by name.
        choose: Called with a reference as text: `channels × 4`.
        unlink: Replaces the reference by a fixed number.
        create_parameter: Turns the value into a new block parameter.
        scales: Whether multiples and fractions of parameters are offered.
    """
    clear_menu(menu)
    menu.addAction("Fixed number", unlink)
    references = names if isinstance(names, ReferenceNames) else ReferenceNames(names)
    if references.block_id:
        _add_heading(menu, "Block parameters")
        for name, number in references.parameter_values.items():
            menu.addAction(f"{name} = {number}", partial(choose, name))
        for name in references.parameter_values if scales else ():
            _add_scales(menu.addMenu(f"{name} × or ÷"), name, references, choose)
        menu.addAction("New parameter", create_parameter)
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
