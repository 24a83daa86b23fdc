"""The small menu at a field: a fixed number, a parameter of the block, or a fact of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtWidgets import QMenu

from dlstudio.design.references import resolve
from dlstudio.design.values import Ref
from dlstudio.gui.panels.known_names import KnownNames
from dlstudio.gui.panels.value_text import format_value

_SCALES = ((2, 1), (3, 1), (4, 1), (1, 2), (1, 4))


def fill_names_menu(
    menu: QMenu,
    names: Mapping[str, int],
    take: Callable[[str], object],
    unlink: Callable[[], object],
    make: Callable[[], object],
    *,
    scales: bool = True,
) -> None:
    """Fill the menu anew.

    Args:
        menu: What is filled.
        names: The numbers that may be taken.
        take: Called with the text that stands for a number: `channels × 4`.
        unlink: Makes the value a fixed number.
        make: Makes the value a new parameter of the block.
        scales: Whether multiples and parts of parameters are offered.
    """
    menu.clear()
    menu.addAction("A fixed number", unlink)
    references = names if isinstance(names, KnownNames) else KnownNames(names)
    if references.inside:
        _add_heading(menu, "Parameters of the block")
        for name, number in references.own.items():
            menu.addAction(f"{name} = {number}", partial(take, name))
        for name in references.own if scales else ():
            _add_scales(menu.addMenu(f"{name} times or divided"), name, references, take)
        menu.addAction("A new parameter", make)
    if references.facts:
        _add_heading(menu, "From the data")
        for name, number in references.facts.items():
            menu.addAction(f"{name} = {number}", partial(take, name))


def _add_heading(menu: QMenu, text: str) -> None:
    menu.addSeparator()
    menu.addAction(text).setEnabled(False)


def _add_scales(
    menu: QMenu, name: str, names: Mapping[str, int], take: Callable[[str], object]
) -> None:
    for times, divide in _SCALES:
        ref = Ref(name, times, divide)
        try:
            number = resolve(ref, names)
        except ValueError:
            continue
        text = format_value(ref)
        menu.addAction(f"{text} = {number}", partial(take, text))
