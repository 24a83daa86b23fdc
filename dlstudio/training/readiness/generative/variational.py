"""Rules of variational autoencoders: latent shapes, sampling, and data in 0…1."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.model import TOP
from dlstudio.design.model.problems import Problem, Repair, error, warning
from dlstudio.design.model.short_texts import unequal
from dlstudio.training.readiness.core.check_context import CheckContext, change_data
from dlstudio.training.readiness.core.fix_snippets import SAMPLING_LAYER
from dlstudio.training.readiness.core.roles import output_path


def latent_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if mean and log-variance do not match, or nothing is sampled."""
    path = output_path(context, "log-variance")
    mean = context.input_signal(output_path(context, "mean"))
    log_variance = context.input_signal(path)
    if mean is None or log_variance is None:
        return
    if mean.shape != log_variance.shape:
        yield error(
            "latent-shape",
            f"{mean.text()} means, {log_variance.text()} log-variances",
            f"Each latent number has a mean and a log-variance, so both need the same shape, not "
            f"{mean.text()} and {log_variance.text()}. Give both layers equal sizes.",
            *_resize_fix(context, path, mean.shape),
            path=path,
            short=unequal(mean.shape, log_variance.shape),
        )
    elif _is_swapped(context):
        yield error(
            "latent-swapped",
            "Mean and log-variance are swapped",
            "The Output 'mean' is connected to the log-variance of Reparameterise, and the other "
            "way round, so the divergence is wrong. Swap the roles of the two Outputs, or the two "
            "wires.",
            path=path,
            short="swapped",
        )
    elif not context.paths(SAMPLING_LAYER):
        yield warning(
            "nothing-drawn",
            "No sampling between encoder and decoder",
            "A variational autoencoder reconstructs samples from a random code around the mean. "
            "Insert Reparameterise before the decoder and connect mean and log-variance to it; "
            "without it this is a plain autoencoder with means near 0.",
            path=output_path(context, "mean"),
            short="nothing sampled",
        )


def _is_swapped(context: CheckContext) -> bool:
    """Whether the two Outputs are connected to each other's input of the sampling layer."""
    wires = {
        (edge.target, edge.target_port): (edge.source, edge.source_port)
        for edge in context.analysis.expanded.edges
    }
    mean, log_variance = (
        wires.get((output_path(context, role), "input")) for role in ("mean", "log-variance")
    )
    return mean != log_variance and any(
        wires.get((path, "mean")) == log_variance and wires.get((path, "log_variance")) == mean
        for path in context.paths(SAMPLING_LAYER)
    )


def unit_range_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a warning if samples are compared as probabilities but are not in 0…1."""
    project = context.project
    if project.training.loss == "binary" and project.data.normalise != "unit":
        yield warning(
            "not-in-0-to-1",
            "Samples are not between 0 and 1",
            "Binary cross-entropy treats each number of a sample as a probability, but this data "
            f"is normalised as {project.data.normalise!r}: values beyond 0 and 1 are clipped. "
            "Scale it to 0…1, or choose the squared error.",
            change_data("Scale the data to 0…1", normalise="unit"),
        )


def _resize_fix(context: CheckContext, output: str, shape: tuple[int, ...]) -> Iterator[Repair]:
    """Yield the fix that resizes the Linear layer directly before the Output, if there is one."""
    path = next(context.upstream(output), "")
    flat = context.analysis.expanded.nodes.get(path)
    if flat is None or flat.node.kind != "linear" or flat.scope != TOP or not shape:
        return
    yield Repair(
        f"Give {flat.node.title or path} {shape[-1]} outputs",
        "set_settings",
        {"node": flat.node.id, "scope": TOP, "changes": {"out_features": shape[-1]}},
    )
