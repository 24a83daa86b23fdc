"""The view of what the network makes of its own, or answers to samples of the data."""

from dlstudio.insight.views.spec import ViewSpec
from dlstudio.layers.framework.settings import Integer, Real, Text

VIEW = ViewSpec(
    name="samples",
    title="Samples",
    help="What the network makes of its own, or answers to samples of the data.",
    input="state",
    cost="live",
    options={
        "seed": Integer(
            title="Seed", help="Everything that is drawn follows from it.", default=0, minimum=0
        ),
        "count": Integer(title="Count", help="How many samples.", default=16),
        "label": Integer(
            title="Class", help="Which class is wanted.", default=-1, minimum=-1, special="any"
        ),
        "text": Text(title="Prompt", help="What a text goes on from.", default=""),
        "temperature": Real(
            title="Temperature",
            help="Below 1 the likeliest is preferred, above 1 the unlikely comes up more often.",
            default=1.0,
            minimum=0.0,
            advanced=True,
        ),
        "top_k": Integer(
            title="Top k",
            help="Choose among that many likeliest tokens.",
            default=0,
            minimum=0,
            special="all",
            advanced=True,
        ),
        "sampler": Text(
            title="Sampler",
            help="How samples are drawn; empty for the task's usual way.",
            default="",
            advanced=True,
        ),
        "steps": Integer(
            title="Steps",
            help="Steps of the sampler.",
            default=0,
            minimum=0,
            special="as usual",
            advanced=True,
        ),
    },
    compute="dlstudio.insight.samples.samples.compute_samples",
    panel="dlstudio.gui.plots.samples.samples_panel.SamplesPanel",
)
