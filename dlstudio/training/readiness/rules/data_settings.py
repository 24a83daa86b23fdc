"""Rules for valid data settings, before any data is read."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.data.core.errors import DataError
from dlstudio.data.sources.preprocessing_options import PREPROCESSING
from dlstudio.data.sources.sources import SOURCES, parse_options
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.problems import Problem, Repair, error
from dlstudio.design.model.values import Value
from dlstudio.layers.framework.settings import Setting
from dlstudio.training.readiness.core.check_context import CheckContext, change_data
from dlstudio.training.readiness.core.data_fixes import input_data_fix


def option_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the source is unknown or one of its options is invalid."""
    data = context.project.data
    try:
        parse_options(data.source, data.options)
    except DataError as reason:
        yield _setting_problem(str(reason).rstrip("."), _reset_invalid(context))


def data_setting_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield each invalid field of split, augmentation and normalisation."""
    data = context.project.data
    for name, setting in PREPROCESSING.items():
        if name == "split.seed":  # any integer is valid
            continue
        try:
            setting.parse(_value(data, name))
        except ValueError as reason:
            title = f"Reset {setting.title} to {setting.default!r}"
            yield _setting_problem(str(reason), change_data(title, **{name: setting.default}))
    is_complete = data.mean and data.deviation and min(data.deviation) > 0
    if data.normalise == "fixed" and not is_complete:
        yield _setting_problem(
            "Fixed normalisation needs values for the mean, and deviations above 0",
            change_data("Compute them from the training data", normalise="standardise"),
        )


def _setting_problem(reason: str, repair: Repair) -> Problem:
    text = f"{reason}. Change it in the data settings."
    return error("bad-data-setting", "A data setting is invalid", text, repair)


def _value(data: DataSettings, name: str) -> object:
    section, _, field = name.rpartition(".")
    return getattr(getattr(data, section) if section else data, field)


def _reset_invalid(context: CheckContext) -> Repair:
    data = context.project.data
    if data.source not in SOURCES:
        return input_data_fix(context)
    options = SOURCES[data.source].options
    valid = {
        name: value for name, value in data.options.items() if _accepts(options.get(name), value)
    }
    return change_data("Reset it to its default", options=valid)


def _accepts(setting: Setting | None, value: Value) -> bool:
    try:
        if setting is not None:
            setting.parse(value)
    except ValueError:
        return False
    return setting is not None
