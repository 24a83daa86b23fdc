"""Adversarial training (GAN): a generator against a discriminator."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.training_settings import ParameterGroup, TrainingSettings
from dlstudio.network.compile.compile import Compiled, Component
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.metrics.phase_metrics import PhaseMetrics
from dlstudio.training.optim.group_optimiser import assign_parameters
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest
from dlstudio.training.protocol.errors import MisfitError, TrainingError
from dlstudio.training.specs.core.task_spec import INTERPOLATION
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.class_conditioning import (
    has_input,
    labels_of,
    randn,
    requested_labels,
    with_fixed_class,
    zero_labels,
)
from dlstudio.training.tasks.core.latent_space import (
    MAX_PROBED_AXES,
    NORMAL_RANGE,
    LatentSpace,
    slerp_path,
)
from dlstudio.training.tasks.core.losses import loss_settings
from dlstudio.training.tasks.core.objective import Objective, forward_by_role
from dlstudio.training.tasks.core.output_checks import require_roles
from dlstudio.training.tasks.generative.gan_losses import gan_loss

_GENERATED, _REALNESS, _NOISE, _SAMPLES = "generated sample", "realness", "noise", "samples"


class Adversarial(Objective):
    """A generator creates samples from noise; a discriminator separates them from real ones.

    Every step trains the discriminator, every k-th one also the generator, each with new samples.
    Evaluation omits the gradient penalty, because it computes no gradients.
    """

    role = _GENERATED

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Find the two networks, their parameter groups and their losses.

        Raises:
            TrainingError: A network is missing, or the groups do not separate the two.
        """
        self._generator = _find_network(compiled, _NOISE, _GENERATED)
        super().__init__(training, compiled, self._generator)
        self._discriminator = _find_network(compiled, _SAMPLES, _REALNESS)
        self._gan_loss = gan_loss(training.loss, loss_settings(training))
        self.metric_names = ("generator_loss", "discriminator_loss", *self._gan_loss.metric_names)
        settings = TASKS[training.task].parse(training.task_settings)
        self.averaging_decay = float(settings["average"])
        self._generator_interval = int(settings["discriminator_steps"])
        generator_groups, discriminator_groups = _split_groups(
            compiled, training.groups, self._generator
        )
        self._phases = (
            Phase("discriminator", discriminator_groups),
            Phase("generator", generator_groups),
        )

    def phases(self, step: int) -> tuple[Phase, ...]:
        """Return the discriminator's phase and, every k-th step, the generator's."""
        return self._phases if (step + 1) % self._generator_interval == 0 else self._phases[:1]

    def create_metrics(self, device: torch.device, *, cheap: bool = False) -> PhaseMetrics:
        """Return new metrics."""
        del cheap
        return PhaseMetrics(device, self.metric_names, "discriminator_loss")

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss of a batch for the network of the phase."""
        real = batch.inputs[_SAMPLES]
        labels = labels_of(batch)
        if phase.name == "generator":
            generated = self._generate(
                self._noise(len(real), real.device, generator), batch.inputs, labels
            )
            loss = self._gan_loss.generator(self._discriminate(generated, labels))
            return BatchResult(loss, len(real), metrics={"generator_loss": loss})
        with torch.no_grad():
            generated = self._generate(
                self._noise(len(real), real.device, generator), batch.inputs, labels
            )
        real_scores, fake_scores = (
            self._discriminate(real, labels),
            self._discriminate(generated, labels),
        )
        loss = self._gan_loss.discriminator(real_scores, fake_scores)
        penalty = self._gan_loss.penalty(
            lambda points: self._discriminate(points, labels), real, generated, generator
        )
        loss = loss if penalty is None else loss + penalty
        metrics = {
            "discriminator_loss": loss,
            **self._gan_loss.compute_metrics(real_scores, fake_scores),
        }
        return BatchResult(loss, len(real), metrics=metrics)

    def evaluate(self, batch: Batch, generator: torch.Generator) -> BatchResult:
        """Return the losses of a batch for both networks; `loss` is the discriminator's."""
        real = batch.inputs[_SAMPLES]
        labels = labels_of(batch)
        generated = self._generate(
            self._noise(len(real), real.device, generator), batch.inputs, labels
        )
        real_scores, fake_scores = (
            self._discriminate(real, labels),
            self._discriminate(generated, labels),
        )
        loss = self._gan_loss.discriminator(real_scores, fake_scores)
        metrics = {
            "generator_loss": self._gan_loss.generator(fake_scores),
            "discriminator_loss": loss,
            **self._gan_loss.compute_metrics(real_scores, fake_scores),
        }
        return BatchResult(loss, len(real), metrics=metrics)

    def fill_inputs(self, component: Component, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the inputs with fixed noise and class 0."""
        filled = dict(inputs)
        device, count = inputs[_SAMPLES].device, len(inputs[_SAMPLES])
        if has_input(component, _NOISE):
            filled[_NOISE] = self._noise(count, device, torch.Generator(device).manual_seed(0))
        return {**zero_labels(inputs), **filled}

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        """Return generated samples from noise, or from one latent position.

        Samplers: `noise`, and spherical `interpolation` from the noise of the seed `start` to
        that of `end`. A latent position sets the first dimensions of the noise; the rest are 0.
        """
        device = batch.inputs[_SAMPLES].device
        interpolates = request.sampler == INTERPOLATION and not request.latent
        if request.latent:
            noise = _latent_to_noise(
                self._seeded_noise(request.seed, request.count, device), request.latent
            )
        elif interpolates:
            start, end = (
                self._seeded_noise(seed, 1, device)[0] for seed in (request.start, request.end)
            )
            noise = slerp_path(start, end, request.count)
        else:
            noise = self._seeded_noise(request.seed, request.count, device)
        labels = requested_labels(with_fixed_class(request) if interpolates else request, batch)
        generated = forward_by_role(self._generator, {_NOISE: noise, **labels})[_GENERATED]
        return GeneratedSamples("way" if interpolates else "samples", {"generated": generated})

    def latent_space(self, request: SampleRequest, batch: Batch) -> LatentSpace:
        """Return the space of the noise; dimensions are ordered by their effect on a sample."""
        start = self._seeded_noise(request.seed, 1, batch.inputs[_SAMPLES].device).flatten()
        reach = torch.full_like(start, NORMAL_RANGE)
        axis_count = min(len(start), MAX_PROBED_AXES)
        probes = start.repeat(2 * axis_count, 1)
        axes = torch.arange(axis_count, device=start.device)
        probes[axes, axes], probes[axes + axis_count, axes] = -1.0, 1.0
        shape = next(binding.shape for binding in self._generator.inputs if binding.role == _NOISE)
        labels = requested_labels(replace(with_fixed_class(request), count=2 * axis_count), batch)
        inputs = {_NOISE: probes.reshape(-1, *shape), **labels}
        generated = forward_by_role(self._generator, inputs)[_GENERATED].flatten(1)
        change = start.new_full((len(start),), -1.0)
        change[:axis_count] = (generated[axis_count:] - generated[:axis_count]).square().mean(1)
        return LatentSpace(start, -reach, reach, change.argsort(descending=True, stable=True))

    def _seeded_noise(self, seed: int, count: int, device: torch.device) -> Tensor:
        return self._noise(count, device, torch.Generator(device).manual_seed(seed))

    def _noise(self, count: int, device: torch.device, generator: torch.Generator | None) -> Tensor:
        shape = next(binding.shape for binding in self._generator.inputs if binding.role == _NOISE)
        return randn(count, shape, device, generator)

    def _generate(
        self, noise: Tensor, inputs: Mapping[str, Tensor], labels: Mapping[str, Tensor]
    ) -> Tensor:
        return forward_by_role(self._generator, {**inputs, _NOISE: noise, **labels})[_GENERATED]

    def _discriminate(self, samples: Tensor, labels: Mapping[str, Tensor]) -> Tensor:
        scores = forward_by_role(self._discriminator, {_SAMPLES: samples, **labels})[_REALNESS]
        return scores.reshape(len(samples))


def _find_network(compiled: Compiled, input_role: str, output_role: str) -> Component:
    component = compiled.component_with_output(output_role)
    if component is None:
        raise MisfitError(f"no network has an Output whose role is {output_role!r}")
    require_roles(component, inputs=(input_role,))
    return component


def _split_groups(
    compiled: Compiled, groups: Sequence[ParameterGroup], generator: Component
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the indices of the generator's and of the discriminator's groups."""
    generator_ids = {id(parameter) for parameter in generator.module.parameters()}
    generator_groups: set[int] = set()
    discriminator_groups: set[int] = set()
    for number, members in enumerate(assign_parameters(compiled, groups)):
        for parameter in members:
            in_generator = id(parameter) in generator_ids
            (generator_groups if in_generator else discriminator_groups).add(number)
    return frozenset(generator_groups), frozenset(discriminator_groups)


def _latent_to_noise(noise: Tensor, latent: Sequence[float]) -> Tensor:
    size = math.prod(noise.shape[1:])
    if len(latent) > size:
        raise TrainingError(f"The latent space has {size} axes, not {len(latent)}.")
    position = noise.new_zeros(size)
    position[: len(latent)] = noise.new_tensor(latent)
    return position.reshape(noise.shape[1:]).expand_as(noise)
