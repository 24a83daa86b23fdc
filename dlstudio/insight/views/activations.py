"""The view of the layers' outputs for one sample."""

from dlstudio.insight.views.spec import ViewSpec
from dlstudio.layers.framework.settings import Choice, Integer, Text

VIEW = ViewSpec(
    name="activations",
    title="Activations",
    help="The output of each layer for one sample, during training or afterwards.",
    input="state",
    cost="live",
    options={
        "layer": Text(
            title="Layer",
            help="Path of a layer to return in full in a large network; empty for none.",
            default="",
        ),
        "subset": Choice(
            title="Subset",
            help="Subset of the data to take the sample from.",
            default="test",
            options=("train", "validation", "test"),
        ),
        "index": Integer(
            title="Sample", help="Index of the sample in its subset.", default=0, minimum=0
        ),
    },
    compute="dlstudio.insight.activations.activations.compute_activations",
    panel="dlstudio.gui.plots.activations.activations_panel.ActivationsPanel",
    icon="maps",
)
