"""Menus for optimiser, learning rate and schedule of parameter groups, and their summaries.

Works on training settings, without a document.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from dlstudio.design.model.training_settings import (
    ParameterGroup,
    Schedule,
    TrainingSettings,
    chosen,
)
from dlstudio.gui.widgets.number_format import format_float
from dlstudio.training.options.training_options import OPTIMISERS, SCHEDULES

Write = Callable[[TrainingSettings], TrainingSettings]
Edit = Callable[[Write, str], None]
"""Applies a change of the settings; the text is the name of the undo step."""
_Change = Callable[[ParameterGroup], ParameterGroup]
AUTOMATIC_RATE = "automatic"
_RATES = (1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4)


def fill_optimiser_menu(menu: QMenu, training: TrainingSettings, edit: Edit) -> None:
    """Add optimisers, rates and schedules: for the only group, or for all groups and for each."""
    numbers = range(len(training.groups))
    if len(numbers) == 1:
        _fill_group_menu(menu, training, numbers, edit)
        return
    _fill_group_menu(menu.addMenu("All groups"), training, numbers, edit)
    for number in numbers:
        submenu = menu.addMenu(menu_text(training.groups[number].name))
        _fill_group_menu(submenu, training, (number,), edit)


def training_summary(training: TrainingSettings) -> str:
    """Summarise optimiser, rate and schedule: `Adam · 0.001 · cosine`.

    For several groups, their number and what all have in common: `2 groups · Adam`.
    """
    summaries = [tuple(_summary_parts(group)) for group in training.groups]
    if len(summaries) == 1:
        return " · ".join(part for part in summaries[0] if part)
    common = (parts[0] for parts in zip(*summaries, strict=True) if len(set(parts)) == 1)
    return " · ".join([f"{len(summaries)} groups", *(part for part in common if part)])


def group_summaries(training: TrainingSettings) -> str:
    """Return one line per group, or an empty string for a single group."""
    if len(training.groups) == 1:
        return ""
    return "\n".join(f"{group.name}: {_group_summary(group)}" for group in training.groups)


def fill_radio_menu(
    menu: QMenu,
    titles: dict[str, str],
    checked: str,
    choose: Callable[[str], object],
    tips: Mapping[str, str] | None = None,
) -> None:
    """Add exclusive actions by name; `checked` may be empty, `tips` are tool tips by name."""
    menu.setToolTipsVisible(tips is not None)
    group = QActionGroup(menu)
    for name, title in titles.items():
        action = QAction(title, menu)
        action.setCheckable(True)
        action.setChecked(name == checked)
        action.setToolTip(tips.get(name, "") if tips else "")
        action.triggered.connect(lambda _checked=False, name=name: choose(name))
        group.addAction(action)
        menu.addAction(action)


def menu_text(name: str) -> str:
    """Escape a name for menus, where & marks a mnemonic."""
    return name.replace("&", "&&")


def effective_rate(group: ParameterGroup) -> float:
    """Return a group's learning rate times its factor."""
    return chosen(group.optimiser.learning_rate) * group.factor


def _group_summary(group: ParameterGroup) -> str:
    if group.frozen:
        return "frozen"
    return " · ".join(filter(None, _summary_parts(group)))


def _summary_parts(group: ParameterGroup) -> Iterator[str]:
    """Yield optimiser, rate and schedule; an empty string for a constant schedule."""
    optimiser = OPTIMISERS.get(group.optimiser.name)
    yield optimiser.title if optimiser else group.optimiser.name
    yield format_float(float(f"{effective_rate(group):.6g}"))
    schedule = group.schedule.name
    show_schedule = schedule in SCHEDULES and schedule != Schedule().name
    yield SCHEDULES[schedule].title.lower() if show_schedule else ""


def _fill_group_menu(
    menu: QMenu, training: TrainingSettings, numbers: Collection[int], edit: Edit
) -> None:
    groups = [training.groups[number] for number in numbers]

    def choose(create_change: Callable[[str], _Change], text: str, name: str) -> None:
        edit(partial(_change_groups, numbers=tuple(numbers), change=create_change(name)), text)

    fill_radio_menu(
        menu, {name: option.title for name, option in OPTIMISERS.items()},
        _common_value(group.optimiser.name for group in groups),
        partial(choose, _with_optimiser, "Change the optimiser"),
    )  # fmt: skip
    fill_radio_menu(
        menu.addMenu("Learning rate"),
        {
            AUTOMATIC_RATE: "Automatic",
            **{format_float(rate): format_float(rate) for rate in _RATES},
        },
        _common_value(_rate_name(group.optimiser.learning_rate) for group in groups),
        partial(choose, _with_rate, "Change the learning rate"),
    )
    fill_radio_menu(
        menu.addMenu("Schedule"), {name: option.title for name, option in SCHEDULES.items()},
        _common_value(group.schedule.name for group in groups),
        partial(choose, _with_schedule, "Change the schedule"),
    )  # fmt: skip


def _common_value(values: Iterable[str]) -> str:
    """Return the common value, or an empty string if the values differ."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else ""


def _change_groups(
    training: TrainingSettings, numbers: tuple[int, ...], change: _Change
) -> TrainingSettings:
    groups = tuple(
        change(group) if number in numbers else group
        for number, group in enumerate(training.groups)
    )
    return training if groups == training.groups else replace(training, groups=groups)


def _with_optimiser(name: str) -> _Change:
    def change(group: ParameterGroup) -> ParameterGroup:
        optimiser = group.optimiser
        if optimiser.name == name:
            return group
        return replace(group, optimiser=replace(optimiser, name=name, settings={}))

    return change


def _rate_name(rate: float | None) -> str:
    return AUTOMATIC_RATE if rate is None else format_float(rate)


def _with_rate(name: str) -> _Change:
    rate = None if name == AUTOMATIC_RATE else float(name)
    return lambda group: replace(group, optimiser=replace(group.optimiser, learning_rate=rate))


def _with_schedule(name: str) -> _Change:
    def change(group: ParameterGroup) -> ParameterGroup:
        return group if group.schedule.name == name else replace(group, schedule=Schedule(name))

    return change
