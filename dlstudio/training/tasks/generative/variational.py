"""Variational autoencoders: rebuild the sample out of a draw, and draw new ones.

Source: Kingma and Welling 2014, "Auto-Encoding Variational Bayes",
https://arxiv.org/abs/1312.6114; beta: Higgins et al. 2017, "beta-VAE".
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled, Component
from dlstudio.network.compile.subnetwork import bottleneck, extract, output_node
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.specs.core.task_spec import INTERPOLATION
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.class_conditioning import repeat_rows
from dlstudio.training.tasks.core.latent_space import (
    LatentSpace,
    lerp_path,
    parse_positions,
    space_around,
)
from dlstudio.training.tasks.core.losses import loss_settings
from dlstudio.training.tasks.core.objective import Objective, forward_by_role, output_index
from dlstudio.training.tasks.core.output_checks import (
    ends_in_sigmoid,
)

_SAMPLES, _ROLE = "samples", "reconstruction"
_MEAN, _LOG_VARIANCE = "mean", "log-variance"
_LATENT = "latent"


class Variational(Objective):
    """Nats of the reconstruction plus beta times the divergence from the unit normal.

    Where a layer draws around mean and log-variance, the decoder is what lies behind it. While
    training that layer draws by itself; with a generator given, the task draws in its place, so
    that figures of a part are those of real draws and the same each time.
    """

    metric_names = ("reconstruction_nats", "kl_nats", "negative_elbo")
    role = _ROLE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Choose the nats by the loss, and find encoder and decoder.

        Raises:
            TrainingError: Task and loss do not go together, or a setting is wrong.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        loss_settings(training)
        self._beta = float(TASKS[training.task].parse(training.task_settings)["beta"])
        self._gaussian = training.loss == "mse"
        self._probabilities = ends_in_sigmoid(self.main, output_index(self.main, _ROLE))
        self._find_encoder_and_decoder()

    def _find_encoder_and_decoder(self) -> None:
        results = [output_node(self.main, role) for role in (_ROLE, _MEAN, _LOG_VARIANCE)]
        rebuilt, mean, log_variance = results
        self.encoder = self.decoder = None
        self._samples_latent = False
        if rebuilt is None or mean is None or log_variance is None:
            return
        latent = bottleneck(self.main, mean, rebuilt)
        if latent is None or latent is rebuilt or mean not in {latent, *latent.all_input_nodes}:
            return
        self._samples_latent = set(latent.all_input_nodes) == {mean, log_variance}
        self.encoder = extract(self.main, {}, (_MEAN, _LOG_VARIANCE))
        self.decoder = extract(self.main, {_LATENT: latent}, (_ROLE,))

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return what a batch costs: the mean over its samples, in nats each."""
        del phase
        clean = batch.inputs[_SAMPLES]
        results = self._results(batch.inputs, generator)
        rebuilt = results[_ROLE]
        reconstruction = (
            gaussian_nats(rebuilt, clean) if self._gaussian else self._bernoulli(rebuilt, clean)
        )
        divergences = kl_nats(results[_MEAN], results[_LOG_VARIANCE])
        mean_reconstruction, mean_divergence = reconstruction.mean(), divergences.mean()
        metrics = {"reconstruction_nats": mean_reconstruction, "kl_nats": mean_divergence}
        metrics["negative_elbo"] = (mean_reconstruction + mean_divergence).detach()
        return BatchResult(
            mean_reconstruction + self._beta * mean_divergence, len(clean), rebuilt, clean, metrics
        )

    def reconstruct(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return what the networks make of samples without chance, as the data's samples are."""
        return self._as_samples(forward_by_role(self.main, inputs)[_ROLE])

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        """Return new samples, a way between two, or what samples become.

        Samplers: `prior` draws positions from the unit normal, `temperature` times as wide;
        `interpolation` goes from the first given sample's mean to the second's; `reconstruction`
        shows samples beside what they become, and is taken where no decoder can be told apart.
        `request.latent` holds one position instead, or several one after the other: then the
        samples lie on the way from one to the next.

        Raises:
            TrainingError: `latent_space` does not hold whole positions, or there is no decoder.
        """
        if not request.latent and (self.decoder is None or request.sampler == "reconstruction"):
            inputs = {role: tensor[: request.count] for role, tensor in batch.inputs.items()}
            rebuilt = self.reconstruct(inputs)
            return GeneratedSamples("pairs", {"given": inputs[_SAMPLES], "made": rebuilt})
        encoder, decoder = self._encoder_and_decoder()
        latent = self._positions(request, forward_by_role(encoder, batch.inputs)[_MEAN])
        decoded = forward_by_role(
            decoder, {**repeat_rows(batch.inputs, len(latent)), _LATENT: latent}
        )[_ROLE]
        form = "way" if request.sampler == INTERPOLATION and not request.latent else "samples"
        return GeneratedSamples(form, {"generated": self._as_samples(decoded)})

    def latent_space(self, request: SampleRequest, batch: Batch) -> LatentSpace:
        """Return the space of the means, from the first sample's."""
        del request
        return space_around(
            forward_by_role(self._encoder_and_decoder()[0], batch.inputs)[_MEAN], normal=True
        )

    def _encoder_and_decoder(self) -> tuple[Component, Component]:
        if self.encoder is None or self.decoder is None:
            raise TrainingError(
                "Encoder and decoder of this network cannot be told apart: what is rebuilt must "
                "pass the latent numbers alone. Look for a way around them."
            )
        return self.encoder, self.decoder

    def _positions(self, request: SampleRequest, means: Tensor) -> Tensor:
        shape = means.shape[1:]
        if request.latent:
            positions = parse_positions(request.latent, shape, means)
            return positions if len(positions) == 1 else lerp_path(positions, request.count)
        if request.sampler == INTERPOLATION:
            return lerp_path(means[:2], request.count)
        generator = torch.Generator(means.device).manual_seed(request.seed)
        positions = means.new_empty((request.count, *shape))
        return positions.normal_(generator=generator) * request.temperature

    def _results(
        self, inputs: Mapping[str, Tensor], generator: torch.Generator | None
    ) -> dict[str, Tensor]:
        if (
            generator is None
            or not self._samples_latent
            or self.encoder is None
            or self.decoder is None
        ):
            return forward_by_role(self.main, inputs)
        results = forward_by_role(self.encoder, inputs)
        mean, log_variance = results[_MEAN], results[_LOG_VARIANCE]
        noise = torch.empty_like(mean).normal_(generator=generator)
        latent = mean + noise * torch.exp(log_variance / 2)
        return {**results, **forward_by_role(self.decoder, {**inputs, _LATENT: latent})}

    def _bernoulli(self, rebuilt: Tensor, clean: Tensor) -> Tensor:
        return bernoulli_nats(rebuilt, clean, probabilities=self._probabilities)

    def _as_samples(self, rebuilt: Tensor) -> Tensor:
        """Return scores as the probabilities they stand for; numbers stay."""
        return rebuilt if self._gaussian or self._probabilities else torch.sigmoid(rebuilt)


def bernoulli_nats(rebuilt: Tensor, clean: Tensor, *, probabilities: bool) -> Tensor:
    """Return the binary cross-entropy of each sample, summed over its numbers.

    Args:
        rebuilt: Raw scores, or probabilities, `(B, *)`.
        clean: Samples in 0…1, likewise; what lies beyond is taken as 0 or 1.
        probabilities: Whether `rebuilt` holds probabilities.

    Returns:
        Nats `(B,)`.
    """
    cost = functional.binary_cross_entropy if probabilities else _bce_with_logits
    with torch.autocast(rebuilt.device.type, enabled=False):
        nats = cost(rebuilt.float(), clean.float().clamp(0, 1), reduction="none")
    return nats.flatten(1).sum(1)


_bce_with_logits = functional.binary_cross_entropy_with_logits


def gaussian_nats(rebuilt: Tensor, clean: Tensor) -> Tensor:
    """Return half the squared error of each sample `(B,)`, summed over its numbers.

    These are the nats under a normal distribution of deviation 1 around what is rebuilt, without
    the constant ½ ln 2π of each number.
    """
    return (rebuilt.float() - clean.float()).square().flatten(1).sum(1) / 2


def kl_nats(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Return the divergence of each sample's normal distribution from the unit one, `(B,)`.

    ½ Σ (μ² + σ² − 1 − ln σ²); Kingma and Welling 2014, appendix B.
    """
    mean, log_variance = mean.float().flatten(1), log_variance.float().flatten(1)
    return (mean.square() + log_variance.exp() - 1 - log_variance).sum(1) / 2
