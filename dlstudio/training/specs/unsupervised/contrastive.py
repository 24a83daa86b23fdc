"""Contrastive learning: two views of a sample come to lie close together."""

from __future__ import annotations

from dlstudio.layers.framework.settings import Real
from dlstudio.training.options.named_option import NamedOption
from dlstudio.training.specs.core.task_spec import COMMON_CHECKS, MetricSpec, TaskSpec

NT_XENT = NamedOption(
    "nt-xent",
    "NT-Xent",
    "How surprising it is that two views belong together, among all others of the batch.",
    {
        "temperature": Real(
            title="Temperature",
            help="Low values look at the nearest others only, high ones at all alike.",
            default=0.5,
            minimum=0.01,
            maximum=100.0,
        )
    },
)

CONTRASTIVE = TaskSpec(
    "contrastive",
    "Contrastive learning",
    "Learn without labels: views of the same sample come to lie close together.",
    objective="dlstudio.training.tasks.unsupervised.contrastive.Contrastive",
    checks=(
        *COMMON_CHECKS,
        "dlstudio.training.readiness.generative.contrastive.view_problems",
        "dlstudio.training.readiness.generative.contrastive.embedding_problems",
    ),
    losses=(NT_XENT,),
    outputs=("embedding",),
    inputs=("samples",),
    metrics=(
        MetricSpec("alignment", "squared distance of two views"),
        MetricSpec(
            "retrieval", "views that find each other", higher_is_better=True, percentage=True
        ),
    ),
    views=2,
    example="simclr-digits",
)
