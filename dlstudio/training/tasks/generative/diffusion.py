"""Diffusion: the network predicts the noise in a sample, and generates samples from noise."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.specs.core.task_spec import INTERPOLATION
from dlstudio.training.specs.generative.diffusion import diffusion_steps
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.class_conditioning import (
    LABELS,
    has_input,
    labels_of,
    randn,
    requested_labels,
    with_fixed_class,
    zero_labels,
)
from dlstudio.training.tasks.core.latent_space import slerp_path
from dlstudio.training.tasks.core.losses import loss_function, loss_settings
from dlstudio.training.tasks.core.objective import Objective, forward_by_role
from dlstudio.training.tasks.core.output_checks import require_roles
from dlstudio.training.tasks.generative.noise_schedule import NoiseSchedule

_SAMPLES, _TIME, _NOISE = "samples", "time step", "predicted noise"


class Diffusion(Objective):
    """Compares the noise in samples at random time steps with the network's prediction.

    Source: Ho et al. 2020, "Denoising diffusion probabilistic models", algorithms 1 and 2.
    """

    role = _NOISE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Compute the noise schedule.

        Raises:
            TrainingError: The network lacks an Input or Output, or a setting is invalid.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        self._loss = loss_function(training.loss, loss_settings(training))
        settings = TASKS[training.task].parse(training.task_settings)
        self.averaging_decay = float(settings["average"])
        self._label_dropout = float(settings["label_dropout"])
        self._guidance = float(settings["guidance"])
        self._takes_labels = has_input(self.main, LABELS)
        require_roles(self.main, inputs=(_SAMPLES, _TIME), outputs=(_NOISE,))
        weight = next(self.main.module.parameters(), torch.empty(0))
        self.noise_schedule = NoiseSchedule(
            settings["schedule"], settings["steps"], settings["predicts"], weight.device
        )

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss of a batch at random time steps with random noise."""
        del phase
        clean = batch.inputs[_SAMPLES]
        device = clean.device
        times = torch.randint(
            self.noise_schedule.steps, (len(clean),), device=device, generator=generator
        )
        noise = randn(len(clean), clean.shape[1:], device, generator)
        labels = self._drop_labels(labels_of(batch), generator)
        prediction = self._predict(
            self.noise_schedule.add_noise(clean, noise, times), times, labels, batch.inputs
        )
        target = self.noise_schedule.target(clean, noise, times)
        return BatchResult(self._loss(prediction, target), len(clean), prediction, target)

    def constant_metrics(self, train: Batch, batch: Batch) -> dict[str, float]:
        """Return what predicting 0 everywhere reaches: the mean square of what is to be predicted.

        It is 1 for noise; v is also made of the clean samples, at all time steps equally often.
        """
        del train
        power = float(batch.inputs[_SAMPLES].double().square().mean())
        return {"loss": self.noise_schedule.mean_square_of_target(power)}

    def fill_inputs(self, component: object, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the inputs at half of the noise schedule with fixed noise, and the first class."""
        del component
        clean = inputs[_SAMPLES]
        generator = torch.Generator(clean.device).manual_seed(0)
        times = torch.full((len(clean),), self.noise_schedule.steps // 2, device=clean.device)
        noise = randn(len(clean), clean.shape[1:], clean.device, generator)
        labels = self._label_indices(zero_labels(inputs))
        return {
            **labels,
            **inputs,
            _SAMPLES: self.noise_schedule.add_noise(clean, noise, times),
            _TIME: times,
        }

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        """Return samples generated from noise.

        Samplers: `ddim` and `ddpm`, and `interpolation`: DDIM from spherical interpolation
        between the noise of the seed `start` and that of `end`. DDIM is deterministic (η = 0), so
        that similar noise gives similar samples (Song et al. 2021, section 5.3).

        Raises:
            TrainingError: The sampler is unknown.
        """
        samplers = [sampler.name for sampler in TASKS[self.task].samplers]
        sampler = request.sampler or samplers[0]
        if sampler not in samplers:
            raise TrainingError(
                f"There is no sampler {sampler!r}; known ones: {', '.join(samplers)}."
            )
        total_steps = self.noise_schedule.steps
        count = request.steps or diffusion_steps(total_steps, sampler)
        like = batch.inputs[_SAMPLES]
        generator = torch.Generator(like.device).manual_seed(request.seed)
        interpolates = sampler == INTERPOLATION
        x = (
            _interpolated_noise(request, like)
            if interpolates
            else _sample_noise(request.count, like, generator)
        )
        labels = self._requested_labels(request, batch)
        timesteps = self.noise_schedule.sampling_timesteps(count)
        for done, (time, previous) in enumerate(zip(timesteps, [*timesteps[1:], -1], strict=True)):
            request.on_progress(done / len(timesteps))
            estimate = self.noise_schedule.estimate(self._predict_guided(x, time, labels), x, time)
            noise = None
            if sampler == "ddpm" and previous >= 0:
                noise = _sample_noise(len(x), like, generator)
            x = self.noise_schedule.denoise_step(estimate, time, previous, noise)
        return GeneratedSamples("way" if interpolates else "samples", {"generated": x})

    def _predict(
        self,
        noisy: Tensor,
        times: Tensor,
        labels: Mapping[str, Tensor],
        inputs: Mapping[str, Tensor],
    ) -> Tensor:
        return forward_by_role(self.main, {**inputs, _SAMPLES: noisy, _TIME: times, **labels})[
            _NOISE
        ]

    def _predict_guided(self, noisy: Tensor, time: int, labels: Mapping[str, Tensor]) -> Tensor:
        """Return the prediction, extrapolated from the one without a class.

        Source: Ho and Salimans 2022, "Classifier-free diffusion guidance", equation 6.
        """
        times = torch.full((len(noisy),), time, device=noisy.device)
        prediction = self._predict(noisy, times, labels, {})
        if not (self._guidance and self._label_dropout and self._takes_labels):
            return prediction
        no_class = {LABELS: torch.zeros_like(labels[LABELS])}
        unconditional = self._predict(noisy, times, no_class, {})
        return prediction + self._guidance * (prediction - unconditional)

    def _requested_labels(self, request: SampleRequest, batch: Batch) -> dict[str, Tensor]:
        """Return the labels of samples to generate.

        Without a requested class: none if the network was trained without classes and there is
        no guidance, else the class of each sample of the batch. Interpolation fixes the class.
        """
        interpolates = request.sampler == INTERPOLATION
        labels = requested_labels(with_fixed_class(request) if interpolates else request, batch)
        if self._label_dropout and not self._guidance and request.label < 0:
            return {LABELS: torch.zeros_like(labels[LABELS])}
        return self._label_indices(labels)

    def _label_indices(self, labels: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return labels as network inputs: from 1 where 0 means no class."""
        return {
            role: tensor + 1 if self._label_dropout else tensor for role, tensor in labels.items()
        }

    def _drop_labels(
        self, labels: Mapping[str, Tensor], generator: torch.Generator | None
    ) -> dict[str, Tensor]:
        """Return labels with a random share set to 0, no class."""
        indices = self._label_indices(labels)
        if not (self._label_dropout and self._takes_labels and indices):
            return indices
        classes = indices[LABELS]
        uniform = torch.empty(len(classes), device=classes.device).uniform_(generator=generator)
        return {LABELS: torch.where(uniform < self._label_dropout, 0, classes)}


def _sample_noise(count: int, like: Tensor, generator: torch.Generator) -> Tensor:
    """Return noise (count, *) for samples shaped like those of `like` (N, *)."""
    return randn(count, like.shape[1:], like.device, generator)


def _interpolated_noise(request: SampleRequest, like: Tensor) -> Tensor:
    """Return noise interpolated between that of two seeds."""
    generators = (
        torch.Generator(like.device).manual_seed(seed) for seed in (request.start, request.end)
    )
    start, end = (_sample_noise(1, like, generator)[0] for generator in generators)
    return slerp_path(start, end, request.count)
