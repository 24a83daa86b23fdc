"""The settings of the sampling form for a design's task. Imports no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.model import Project
from dlstudio.layers.framework.settings import Choice, Integer, Setting
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.specs.sampling_settings import default_sampler_steps, sampling_options


def sample_settings(project: Project, sampler: str = "") -> dict[str, Setting]:
    """Return the settings that the task's sampler uses.

    The class is chosen by name, and only if the network has a label input.
    """
    training, facts = project.training, info_of(project.data)
    settings = dict(sampling_options(training.task, sampler))
    label, steps = settings.get("label"), settings.get("steps")
    if label is not None and not _has_label_input(project):
        del settings["label"]
    elif label is not None and facts.class_names:
        options = (str(label.default), *map(str, range(len(facts.class_names))))
        settings["label"] = Choice(
            title=label.title, help=label.help, default=options[0], options=options
        )
    elif isinstance(label, Integer) and facts.numbers.get("classes", 0) > 0:
        settings["label"] = replace(label, maximum=facts.numbers["classes"] - 1)
    default_steps = default_sampler_steps(training, facts, sampler)
    if isinstance(steps, Integer) and default_steps:
        settings["steps"] = replace(
            steps,
            title=TASKS[training.task].steps_title,
            special=f"{steps.special} ({default_steps})",
        )
    return settings


def option_titles(project: Project, name: str) -> Mapping[str, str]:
    """Return the displayed names of a choice's options."""
    if name == "label":
        names = enumerate(info_of(project.data).class_names)
        return {"-1": "any class", **{str(index): class_name for index, class_name in names}}
    task = TASKS.get(project.training.task)
    samplers = task.samplers if task else ()
    return {sampler.name: sampler.title for sampler in samplers}


def _has_label_input(project: Project) -> bool:
    nodes = project.graph.nodes.values()
    return any(node.kind == "input" and node.settings.get("role") == "labels" for node in nodes)
