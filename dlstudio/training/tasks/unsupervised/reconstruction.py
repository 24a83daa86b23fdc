"""Reconstruction: the network reconstructs the sample, clean or from a noisy input."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled, Component
from dlstudio.network.compile.subnetwork import (
    extract,
    input_node,
    narrowest_node,
    node_sizes,
    output_node,
    truncate_at,
)
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
from dlstudio.training.tasks.core.losses import loss_function, loss_settings
from dlstudio.training.tasks.core.objective import Objective, forward_by_role, ordered_inputs

_SAMPLES, _ROLE, _CODE = "samples", "reconstruction", "code"


class Reconstruction(Objective):
    """Compares the output with the clean sample; noise is added only to the input.

    Source of denoising: Vincent et al. 2008, "Extracting and composing robust features with
    denoising autoencoders".
    """

    metric_names = ("mse", "input_mse")
    role = _ROLE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Choose the loss.

        Raises:
            ValueError: The task does not support the loss, or a setting is invalid.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        self._loss = loss_function(training.loss, loss_settings(training))
        settings = TASKS[training.task].parse(training.task_settings)
        self._noise = float(settings["noise"])
        self._coders: tuple[Component, Component] | None = None

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss of a batch, and the errors of output and input against clean samples."""
        del phase
        clean = batch.inputs[_SAMPLES]
        noisy = self._add_noise(clean, generator)
        rebuilt = forward_by_role(self.main, {**batch.inputs, _SAMPLES: noisy})[_ROLE]
        metrics = {"mse": functional.mse_loss(rebuilt.detach(), clean)}
        metrics["input_mse"] = functional.mse_loss(noisy, clean)
        return BatchResult(self._loss(rebuilt, clean), len(clean), rebuilt, clean, metrics)

    def constant_metrics(self, train: Batch, batch: Batch) -> dict[str, float]:
        """Return what the mean training sample reaches as every reconstruction."""
        clean = batch.inputs[_SAMPLES]
        mean = train.inputs[_SAMPLES].mean(0).expand_as(clean)
        return {"loss": float(self._loss(mean, clean))}

    def reconstruct(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return reconstructions of samples without noise."""
        return forward_by_role(self.main, inputs)[_ROLE]

    def fill_inputs(self, component: object, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the inputs with the task's noise, the same every time."""
        del component
        generator = torch.Generator(inputs[_SAMPLES].device).manual_seed(0)
        return {**inputs, _SAMPLES: self._add_noise(inputs[_SAMPLES], generator)}

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        """Return inputs with their reconstructions, or samples decoded from latent positions.

        Samplers: `reconstruction`, and `interpolation` from the first sample's code to the
        second's. `request.latent` sets one position instead.

        Raises:
            TrainingError: `request.latent` has the wrong length, or there is no bottleneck.
        """
        if request.latent or request.sampler == INTERPOLATION:
            return self._decode(request, batch)
        clean = batch.inputs[_SAMPLES][: request.count]
        generator = torch.Generator(clean.device).manual_seed(request.seed)
        noisy = self._add_noise(clean, generator)
        inputs = {role: tensor[: request.count] for role, tensor in batch.inputs.items()}
        output = forward_by_role(self.main, {**inputs, _SAMPLES: noisy})[_ROLE]
        target = {"wanted": clean} if self._noise else {}
        return GeneratedSamples("pairs", {"given": noisy, "made": output, **target})

    def latent_space(self, request: SampleRequest, batch: Batch) -> LatentSpace:
        """Return the space of the bottleneck's codes, around the first sample's."""
        del request
        encoder, _ = self._encoder_and_decoder(batch)
        return space_around(forward_by_role(encoder, batch.inputs)[_CODE])

    def _decode(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        encoder, decoder = self._encoder_and_decoder(batch)
        codes = forward_by_role(encoder, batch.inputs)[_CODE]
        if request.latent:
            form, positions = "samples", parse_positions(request.latent, codes.shape[1:], codes)
        else:
            form, positions = "way", lerp_path(codes[:2], request.count)
        decoded = forward_by_role(
            decoder, {**repeat_rows(batch.inputs, len(positions)), _CODE: positions}
        )[_ROLE]
        return GeneratedSamples(form, {"generated": decoded})

    def _encoder_and_decoder(self, batch: Batch) -> tuple[Component, Component]:
        """Return the networks before and after the bottleneck, which is searched for only once."""
        if self._coders is None:
            start, end = input_node(self.main, _SAMPLES), output_node(self.main, _ROLE)
            latent = None
            if start is not None and end is not None:
                inputs = {role: tensor[:2] for role, tensor in batch.inputs.items()}
                sizes = node_sizes(self.main, *ordered_inputs(inputs, self.main))
                latent = narrowest_node(self.main, start, end, sizes)
            if latent is None:
                raise TrainingError(
                    "This network has no bottleneck, so it has no latent space. "
                    "Add a narrow layer that no wire bypasses."
                )
            decoder = extract(self.main, {_CODE: latent}, (_ROLE,))
            self._coders = truncate_at(self.main, latent, _CODE), decoder
        return self._coders

    def _add_noise(self, clean: Tensor, generator: torch.Generator | None) -> Tensor:
        if not self._noise:
            return clean
        noise = torch.empty_like(clean).normal_(generator=generator)
        return clean + self._noise * noise
