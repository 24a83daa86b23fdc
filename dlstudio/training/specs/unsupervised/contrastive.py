"""Contrastive learning: two views of a sample get similar embeddings."""

from __future__ import annotations

from dlstudio.layers.framework.settings import Real
from dlstudio.training.options.named_option import NamedOption
from dlstudio.training.specs.core.task_spec import COMMON_CHECKS, MetricSpec, TaskSpec

NT_XENT = NamedOption(
    "nt-xent",
    "NT-Xent",
    "Cross-entropy of recognising the other view of a sample among all views of the batch.",
    {
        "temperature": Real(
            title="Temperature",
            help="Low values emphasise the nearest other samples, high values all equally.",
            default=0.5,
            minimum=0.01,
            maximum=100.0,
        )
    },
)

CONTRASTIVE = TaskSpec(
    "contrastive",
    "Contrastive learning",
    "Learn without labels: two views of the same sample get similar embeddings.",
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
    constant="the same embedding",
    example="simclr-digits",
)
