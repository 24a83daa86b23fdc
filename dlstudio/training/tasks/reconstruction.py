"""Reconstruction: the network gives back the sample, plain or out of noise."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.batches import Batch
from dlstudio.design.training_settings import TrainingSettings
from dlstudio.network.compile import Compiled, Component
from dlstudio.network.cut import cut_out, input_of, narrowest, result_of, sizes_of, up_to
from dlstudio.training.errors import TrainingError
from dlstudio.training.latent_space import LatentSpace, along, around, position
from dlstudio.training.objective import Objective, Phase, Scored, answer, arguments
from dlstudio.training.sampling import SampleRequest, Samples
from dlstudio.training.task_table import INTERPOLATION, TASKS
from dlstudio.training.tasks.conditions import repeated
from dlstudio.training.tasks.endings import demand_outputs, demand_rebuilt
from dlstudio.training.tasks.losses import loss_of, loss_settings

_SAMPLES, _ROLE, _CODE = "samples", "reconstruction", "code"


class Reconstruction(Objective):
    """Compares what comes out with what went in; noise is added to what goes in only.

    Source of denoising: Vincent et al. 2008, "Extracting and composing robust features with
    denoising autoencoders".
    """

    figures = ("mse", "input_mse")
    role = _ROLE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Choose the loss.

        Raises:
            TrainingError: Task and loss do not go together, or a setting is wrong.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        self._loss = loss_of(training.loss, loss_settings(training))
        settings = TASKS[training.task].parse(training.task_settings)
        self._noise = float(settings["noise"])
        self._cut: tuple[Component, Component] | None = None

    def score(self, batch: Batch, phase: Phase, generator: torch.Generator | None = None) -> Scored:
        """Return what a batch costs, and how far it and its input are from the clean samples."""
        del phase
        clean = batch.inputs[_SAMPLES]
        noisy = self._noisy(clean, generator)
        rebuilt = answer(self.main, {**batch.inputs, _SAMPLES: noisy})[_ROLE]
        metrics = {"mse": functional.mse_loss(rebuilt.detach(), clean)}
        metrics["input_mse"] = functional.mse_loss(noisy, clean)
        return Scored(self._loss(rebuilt, clean), len(clean), rebuilt, clean, metrics)

    def rebuild(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return what the network makes of samples as they are, without noise."""
        return answer(self.main, inputs)[_ROLE]

    def rehearse(self, batch: Batch, classes: int) -> None:
        """Refuse a reconstruction of another shape than the samples."""
        del classes
        clean = batch.inputs[_SAMPLES]
        results = answer(self.main, batch.inputs)
        demand_outputs(results, self.task)
        demand_rebuilt(results[_ROLE], clean)

    def fill(self, component: object, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the inputs with the noise that belongs to the task, the same each time."""
        del component
        generator = torch.Generator(inputs[_SAMPLES].device).manual_seed(0)
        return {**inputs, _SAMPLES: self._noisy(inputs[_SAMPLES], generator)}

    def sample(self, request: SampleRequest, given: Batch) -> Samples:
        """Return reconstructions beside what went in, or what latent numbers stand for.

        Samplers: `reconstruction`, and `interpolation` from the first given sample's code to the
        second's. `request.latent` holds one position instead.

        Raises:
            TrainingError: `latent` is no position, or nothing in the network is narrow.
        """
        if request.latent or request.sampler == INTERPOLATION:
            return self._decoded(request, given)
        clean = given.inputs[_SAMPLES][: request.count]
        generator = torch.Generator(clean.device).manual_seed(request.seed)
        noisy = self._noisy(clean, generator)
        inputs = {role: tensor[: request.count] for role, tensor in given.inputs.items()}
        output = answer(self.main, {**inputs, _SAMPLES: noisy})[_ROLE]
        target = {"wanted": clean} if self._noise else {}
        return Samples("pairs", {"given": noisy, "made": output, **target})

    def latent(self, request: SampleRequest, given: Batch) -> LatentSpace:
        """Return the space of what passes the narrowest place, from the first sample's."""
        del request
        encoder, _ = self._halves(given)
        return around(answer(encoder, given.inputs)[_CODE])

    def _decoded(self, request: SampleRequest, given: Batch) -> Samples:
        encoder, decoder = self._halves(given)
        codes = answer(encoder, given.inputs)[_CODE]
        if request.latent:
            form, positions = "samples", position(request.latent, codes.shape[1:], codes)
        else:
            form, positions = "way", along(codes[:2], request.count)
        decoded = answer(decoder, {**repeated(given.inputs, len(positions)), _CODE: positions})[
            _ROLE
        ]
        return Samples(form, {"generated": decoded})

    def _halves(self, given: Batch) -> tuple[Component, Component]:
        """Return what lies before and behind the narrowest place; it is looked for once."""
        if self._cut is None:
            start, end = input_of(self.main, _SAMPLES), result_of(self.main, _ROLE)
            latent = None
            if start is not None and end is not None:
                inputs = {role: tensor[:2] for role, tensor in given.inputs.items()}
                sizes = sizes_of(self.main, *arguments(inputs, self.main))
                latent = narrowest(self.main, start, end, sizes)
            if latent is None:
                raise TrainingError(
                    "This network has no narrow place that everything passes, so there are no "
                    "latent numbers to move. Draw a bottleneck without ways around it."
                )
            decoder = cut_out(self.main, {_CODE: latent}, (_ROLE,))
            self._cut = up_to(self.main, latent, _CODE), decoder
        return self._cut

    def _noisy(self, clean: Tensor, generator: torch.Generator | None) -> Tensor:
        if not self._noise:
            return clean
        noise = torch.empty_like(clean).normal_(generator=generator)
        return clean + self._noise * noise
