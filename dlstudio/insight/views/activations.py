"""The view of what layers give out for one sample."""

from dlstudio.insight.views.spec import ViewSpec
from dlstudio.layers.framework.settings import Choice, Integer, Text

VIEW = ViewSpec(
    name="activations",
    title="Activations",
    help="What each layer makes of one sample, while the network learns or afterwards.",
    input="state",
    cost="live",
    options={
        "layer": Text(
            title="Layer",
            help="Path of a layer that is kept whole in a large network; empty for none.",
            default="",
        ),
        "subset": Choice(
            title="Part",
            help="Part of the data that the sample is of.",
            default="test",
            options=("train", "validation", "test"),
        ),
        "index": Integer(
            title="Sample", help="Number of the sample in its part.", default=0, minimum=0
        ),
    },
    compute="dlstudio.insight.activations.activations.compute_activations",
    panel="dlstudio.gui.plots.activations.activations_panel.ActivationsPanel",
)
