"""The view of how well a linear classifier separates the classes at a layer."""

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.insight.views.spec import ViewSpec
from dlstudio.layers.framework.settings import Integer, Text


def _needs(project: Project, facts: DatasetInfo) -> str | None:
    """Require one class per sample, not one per pixel or step."""
    del project
    if facts.class_names and (facts.target is None or not facts.target.shape):
        return None
    return "The data has no class label per sample."


VIEW = ViewSpec(
    name="probe",
    title="Probe",
    help="How well a linear classifier separates the classes at a layer, in the trained network "
    "and in the same network before training.",
    input="state",
    cost="slow",
    needs=_needs,
    options={
        "layer": Text(
            title="Layer",
            help="Path of the layer whose output is used; empty for the network's output.",
            default="",
        ),
        "labels": Integer(
            title="Labels",
            help="Number of labelled samples per class that the probe is trained on.",
            default=10,
            minimum=0,
            special="all",
        ),
    },
    compute="dlstudio.insight.analyses.layer_probe.compute_probe",
    panel="dlstudio.gui.plots.analyses.linear_probe_panel.LinearProbePanel",
    icon="points",
)
