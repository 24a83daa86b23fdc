"""Variational autoencoders: reconstruct samples from a random code, and generate new ones.

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
    """Nats of the reconstruction plus beta times the divergence from the standard normal.

    The decoder starts at the layer that samples from mean and log-variance. In training that
    layer samples by itself; with a generator, the task samples instead, so that evaluation uses
    real samples that are the same every time.
    """

    metric_names = ("reconstruction_nats", "kl_nats", "negative_elbo")
    role = _ROLE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Choose the reconstruction term by the loss, and find encoder and decoder.

        Raises:
            ValueError: The task does not support the loss, or a setting is invalid.
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
        """Return the mean loss of a batch in nats per sample."""
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

    def constant_metrics(self, train: Batch, batch: Batch) -> dict[str, float]:
        """Return what the mean training sample reaches as every reconstruction, without a code."""
        clean, mean = batch.inputs[_SAMPLES], train.inputs[_SAMPLES].float()
        if self._gaussian:
            nats = gaussian_nats(mean.mean(0).expand_as(clean), clean)
        else:
            share = mean.clamp(0, 1).mean(0).expand_as(clean)
            nats = bernoulli_nats(share, clean, probabilities=True)
        value = float(nats.double().mean())
        return {"loss": value, "reconstruction_nats": value, "negative_elbo": value}

    def reconstruct(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return deterministic reconstructions, in the form of the data's samples."""
        return self._as_samples(forward_by_role(self.main, inputs)[_ROLE])

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        """Return new samples, an interpolation, or reconstructions.

        Samplers: `prior` samples positions from the standard normal, scaled by `temperature`;
        `interpolation` goes from the first sample's mean to the second's; `reconstruction` pairs
        samples with their reconstructions, and is used if no separate decoder exists.
        `request.latent` sets one position instead, or several to interpolate between.

        Raises:
            TrainingError: `request.latent` has the wrong length, or there is no decoder.
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
        """Return the space of the means, around the first sample's."""
        del request
        return space_around(
            forward_by_role(self._encoder_and_decoder()[0], batch.inputs)[_MEAN], normal=True
        )

    def _encoder_and_decoder(self) -> tuple[Component, Component]:
        if self.encoder is None or self.decoder is None:
            raise TrainingError(
                "The encoder and decoder of this network cannot be separated, because a wire "
                "bypasses the latent code. Remove it."
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
        """Return raw scores as probabilities; other outputs are unchanged."""
        return rebuilt if self._gaussian or self._probabilities else torch.sigmoid(rebuilt)


def bernoulli_nats(rebuilt: Tensor, clean: Tensor, *, probabilities: bool) -> Tensor:
    """Return the binary cross-entropy of each sample, summed over its numbers.

    Args:
        rebuilt: Raw scores, or probabilities, `(B, *)`.
        clean: Samples in 0…1 of the same shape; other values are clamped.
        probabilities: Whether `rebuilt` contains probabilities.

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

    These are the nats under a normal distribution of deviation 1 around the reconstruction,
    without the constant ½ ln 2π per number.
    """
    return (rebuilt.float() - clean.float()).square().flatten(1).sum(1) / 2


def kl_nats(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Return the divergence of each sample's normal distribution from the standard one, `(B,)`.

    ½ Σ (μ² + σ² − 1 − ln σ²); Kingma and Welling 2014, appendix B.
    """
    mean, log_variance = mean.float().flatten(1), log_variance.float().flatten(1)
    return (mean.square() + log_variance.exp() - 1 - log_variance).sum(1) / 2
