"""What may be asked for of a design's network when it makes samples, as a form declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.data.facts import facts_of
from dlstudio.design.model import Project
from dlstudio.layers.settings import Choice, Setting, Whole
from dlstudio.training.sampling_steps import usual_steps
from dlstudio.training.task_table import TASKS, sampling_options

_ACRONYMS = {"ddim": "DDIM", "ddpm": "DDPM"}


def wishes(project: Project, sampler: str = "") -> dict[str, Setting]:
    """Return the declarations of what a network's sampler makes use of.

    A class is chosen by its name; it is offered where the network takes one.
    """
    training, facts = project.training, facts_of(project.data)
    found = dict(sampling_options(training.task, sampler))
    label, steps = found.get("label"), found.get("steps")
    if label is not None and not _takes_labels(project):
        del found["label"]
    elif label is not None and facts.class_names:
        options = (str(label.default), *map(str, range(len(facts.class_names))))
        found["label"] = Choice(
            title=label.title, help=label.help, default=options[0], options=options
        )
    elif isinstance(label, Whole) and facts.numbers.get("classes", 0) > 0:
        found["label"] = replace(label, maximum=facts.numbers["classes"] - 1)
    usual = usual_steps(training, facts, sampler)
    if isinstance(steps, Whole) and usual:
        title = steps.title if training.task == "diffusion" else "New tokens"
        found["steps"] = replace(steps, title=title, special=f"{steps.special} ({usual})")
    return found


def titles(project: Project, name: str) -> Mapping[str, str]:
    """Return what a choice's words are called."""
    if name == "label":
        names = enumerate(facts_of(project.data).class_names)
        return {"-1": "any class", **{str(at): each for at, each in names}}
    task = TASKS.get(project.training.task)
    known = task.samplers if task else ()
    return {each: _ACRONYMS.get(each, each.capitalize()) for each in known}


def _takes_labels(project: Project) -> bool:
    nodes = project.graph.nodes.values()
    return any(node.kind == "input" and node.settings.get("role") == "labels" for node in nodes)
