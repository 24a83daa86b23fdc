"""Adversarial learning: a generator against a discriminator."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from dlstudio.data.batches import Batch
from dlstudio.design.training_settings import ParameterGroup, TrainingSettings
from dlstudio.network.compile import Compiled, Component
from dlstudio.training.errors import TrainingError
from dlstudio.training.latent_space import MOST_AXES, REACH, LatentSpace, around_the_origin
from dlstudio.training.learners import assign
from dlstudio.training.objective import Objective, Phase, Scored, answer
from dlstudio.training.phase_tally import PhaseTally
from dlstudio.training.sampling import SampleRequest, Samples
from dlstudio.training.task_table import INTERPOLATION, TASKS
from dlstudio.training.tasks.conditions import (
    labels_of,
    normal,
    of_one_class,
    some_labels,
    takes,
    wanted_labels,
)
from dlstudio.training.tasks.contests import contest_of
from dlstudio.training.tasks.endings import sample_text
from dlstudio.training.tasks.losses import loss_settings

_MADE, _REALNESS, _NOISE, _SAMPLES = "generated sample", "realness", "noise", "samples"


class Adversarial(Objective):
    """A generator makes samples of noise, a discriminator tells them from real ones.

    Each step the discriminator learns, each k-th one the generator too; samples are made anew
    for each. Evaluation leaves the gradient penalty out: it draws no gradients.
    """

    role = _MADE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Find the two networks, their parameter groups and their losses.

        Raises:
            TrainingError: There are no such networks, or the groups do not part them.
        """
        self._generator = _network(compiled, _NOISE, _MADE)
        super().__init__(training, compiled, self._generator)
        self._discriminator = _network(compiled, _SAMPLES, _REALNESS)
        if len(compiled.components) != 2:
            raise TrainingError(_NETWORKS)
        _refuse_judgement(training)
        self._contest = contest_of(training.loss, loss_settings(training))
        self.figures = ("generator_loss", "discriminator_loss", *self._contest.figures)
        settings = TASKS[training.task].parse(training.task_settings)
        self.averaging = float(settings["average"])
        self._every = int(settings["discriminator_steps"])
        generator_groups, discriminator_groups = _groups(compiled, training.groups, self._generator)
        self._phases = (
            Phase("discriminator", discriminator_groups),
            Phase("generator", generator_groups),
        )

    def phases(self, step: int) -> tuple[Phase, ...]:
        """Return the discriminator's phase and, every k-th step, the generator's."""
        return self._phases if (step + 1) % self._every == 0 else self._phases[:1]

    def tally(self, device: torch.device, *, light: bool = False) -> PhaseTally:
        """Return an empty tally."""
        del light
        return PhaseTally(device, self.figures, "discriminator_loss")

    def score(self, batch: Batch, phase: Phase, generator: torch.Generator | None = None) -> Scored:
        """Return what a batch costs the network whose phase it is."""
        real = batch.inputs[_SAMPLES]
        labels = labels_of(batch)
        if phase.name == "generator":
            generated = self._make(
                self._noise(len(real), real.device, generator), batch.inputs, labels
            )
            loss = self._contest.generator(self._judge(generated, labels))
            return Scored(loss, len(real), figures={"generator_loss": loss})
        with torch.no_grad():
            generated = self._make(
                self._noise(len(real), real.device, generator), batch.inputs, labels
            )
        real_scores, fake_scores = self._judge(real, labels), self._judge(generated, labels)
        loss = self._contest.discriminator(real_scores, fake_scores)
        penalty = self._contest.penalty(
            lambda points: self._judge(points, labels), real, generated, generator
        )
        loss = loss if penalty is None else loss + penalty
        metrics = {"discriminator_loss": loss, **self._contest.measure(real_scores, fake_scores)}
        return Scored(loss, len(real), figures=metrics)

    def evaluate(self, batch: Batch, generator: torch.Generator) -> Scored:
        """Return what a batch costs both networks; `loss` is the discriminator's."""
        real = batch.inputs[_SAMPLES]
        labels = labels_of(batch)
        generated = self._make(self._noise(len(real), real.device, generator), batch.inputs, labels)
        real_scores, fake_scores = self._judge(real, labels), self._judge(generated, labels)
        loss = self._contest.discriminator(real_scores, fake_scores)
        metrics = {
            "generator_loss": self._contest.generator(fake_scores),
            "discriminator_loss": loss,
            **self._contest.measure(real_scores, fake_scores),
        }
        return Scored(loss, len(real), figures=metrics)

    def rehearse(self, batch: Batch, classes: int) -> None:
        """Refuse samples of another shape than the data's, and more than one score."""
        del classes
        real, labels = batch.inputs[_SAMPLES], labels_of(batch)
        noise = self._noise(len(real), real.device, torch.Generator(real.device))
        generated = answer(self._generator, {**batch.inputs, _NOISE: noise, **labels})[_MADE]
        if generated.shape != real.shape:
            raise TrainingError(
                f"The generator makes {sample_text(generated)}, but a sample of the data is "
                f"{sample_text(real)}. "
                "Give its last layer as many outputs as a sample has numbers and reshape them."
            )
        scores = answer(self._discriminator, {**batch.inputs, _SAMPLES: real, **labels})[_REALNESS]
        if scores.numel() != len(real):
            raise TrainingError(
                f"The discriminator gives {sample_text(scores)} for a sample where one number is "
                "needed. End it with a Linear layer of one output."
            )

    def fill(self, component: Component, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the inputs with noise, the same each time, and the class 0."""
        filled = dict(inputs)
        device, count = inputs[_SAMPLES].device, len(inputs[_SAMPLES])
        if takes(component, _NOISE):
            filled[_NOISE] = self._noise(count, device, torch.Generator(device).manual_seed(0))
        return {**some_labels(inputs), **filled}

    def sample(self, request: SampleRequest, given: Batch) -> Samples:
        """Return what the generator makes of noise, or of one place in its latent space.

        Samplers: `noise`, and `interpolation` on a great circle from the noise of the seed
        `start` to that of `end`. A latent position names the first numbers of the noise; those
        behind it are 0.
        """
        device = given.inputs[_SAMPLES].device
        interpolates = request.sampler == INTERPOLATION and not request.latent
        if request.latent:
            noise = _placed(self._drawn(request.seed, request.count, device), request.latent)
        elif interpolates:
            start, end = (self._drawn(seed, 1, device)[0] for seed in (request.start, request.end))
            noise = around_the_origin(start, end, request.count)
        else:
            noise = self._drawn(request.seed, request.count, device)
        labels = wanted_labels(of_one_class(request) if interpolates else request, given)
        generated = answer(self._generator, {_NOISE: noise, **labels})[_MADE]
        return Samples("way" if interpolates else "samples", {"generated": generated})

    def latent(self, request: SampleRequest, given: Batch) -> LatentSpace:
        """Return the space of the noise; the axes that change a sample most come first."""
        start = self._drawn(request.seed, 1, given.inputs[_SAMPLES].device).flatten()
        reach = torch.full_like(start, REACH)
        axis_count = min(len(start), MOST_AXES)
        probes = start.repeat(2 * axis_count, 1)
        axes = torch.arange(axis_count, device=start.device)
        probes[axes, axes], probes[axes + axis_count, axes] = -1.0, 1.0
        shape = next(binding.shape for binding in self._generator.inputs if binding.role == _NOISE)
        labels = wanted_labels(replace(of_one_class(request), count=2 * axis_count), given)
        inputs = {_NOISE: probes.reshape(-1, *shape), **labels}
        generated = answer(self._generator, inputs)[_MADE].flatten(1)
        change = start.new_full((len(start),), -1.0)
        change[:axis_count] = (generated[axis_count:] - generated[:axis_count]).square().mean(1)
        return LatentSpace(start, -reach, reach, change.argsort(descending=True, stable=True))

    def _drawn(self, seed: int, count: int, device: torch.device) -> Tensor:
        return self._noise(count, device, torch.Generator(device).manual_seed(seed))

    def _noise(self, count: int, device: torch.device, generator: torch.Generator | None) -> Tensor:
        shape = next(binding.shape for binding in self._generator.inputs if binding.role == _NOISE)
        return normal(count, shape, device, generator)

    def _make(
        self, noise: Tensor, inputs: Mapping[str, Tensor], labels: Mapping[str, Tensor]
    ) -> Tensor:
        return answer(self._generator, {**inputs, _NOISE: noise, **labels})[_MADE]

    def _judge(self, samples: Tensor, labels: Mapping[str, Tensor]) -> Tensor:
        scores = answer(self._discriminator, {_SAMPLES: samples, **labels})[_REALNESS]
        return scores.reshape(len(samples))


_NETWORKS = (
    "Adversarial needs one network fed by noise and one that outputs realness: an Input with the "
    "role 'noise' that leads to an Output 'generated sample', and an Input 'samples' that leads "
    "to an Output 'realness'."
)


def _network(compiled: Compiled, entering: str, leaving: str) -> Component:
    component = compiled.of_output(leaving)
    if component is None or not takes(component, entering):
        raise TrainingError(_NETWORKS)
    return component


def _groups(
    compiled: Compiled, groups: Sequence[ParameterGroup], generator: Component
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the numbers of the generator's and of the discriminator's groups."""
    generator_ids = {id(parameter) for parameter in generator.module.parameters()}
    generator_groups: set[int] = set()
    discriminator_groups: set[int] = set()
    for number, members in enumerate(assign(compiled, groups)):
        in_generator = {id(parameter) in generator_ids for parameter in members}
        if len(in_generator) > 1:
            raise TrainingError(
                f"The parameter group {groups[number].name!r} holds weights of both networks, but "
                "generator and discriminator learn against each other. Give each a group."
            )
        (generator_groups if True in in_generator else discriminator_groups).update(
            [number] if in_generator else []
        )
    if not generator_groups or not discriminator_groups:
        raise TrainingError("Generator and discriminator each need a parameter group.")
    return frozenset(generator_groups), frozenset(discriminator_groups)


def _refuse_judgement(training: TrainingSettings) -> None:
    plateau = any(group.schedule.name == "plateau" for group in training.groups)
    if training.early_stopping.enabled or plateau:
        raise TrainingError(
            "Neither early stopping nor a plateau schedule can follow an adversarial run: the "
            "losses tell how the two networks stand to each other, not how good the samples are. "
            "Switch it off."
        )


def _placed(noise: Tensor, latent: Sequence[float]) -> Tensor:
    size = math.prod(noise.shape[1:])
    if len(latent) > size:
        raise TrainingError(f"The latent space has {size} axes, not {len(latent)}.")
    position = noise.new_zeros(size)
    position[: len(latent)] = noise.new_tensor(latent)
    return position.reshape(noise.shape[1:]).expand_as(noise)
