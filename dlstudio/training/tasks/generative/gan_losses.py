"""The losses of generator and discriminator, over raw realness scores `(B,)`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.training.metrics.batch_result import Proportion

Critic = Callable[[Tensor], Tensor]


class GanLoss(ABC):
    """The losses of both networks."""

    metric_names: tuple[str, ...] = ("real_accuracy", "fake_accuracy")

    @abstractmethod
    def generator(self, fake: Tensor) -> Tensor:
        """Return the generator's loss from the scores of its samples."""

    @abstractmethod
    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        """Return the discriminator's loss from its scores."""

    @abstractmethod
    def compute_metrics(self, real: Tensor, fake: Tensor) -> dict[str, Tensor | Proportion]:
        """Return how well the discriminator separates the two: the `metric_names`."""

    def penalty(
        self, critic: Critic, real: Tensor, fake: Tensor, generator: torch.Generator | None
    ) -> Tensor | None:
        """Return a regularisation term of the discriminator, None for none."""
        del critic, real, fake, generator
        return None


class _ThresholdedLoss(GanLoss):
    threshold: float

    def compute_metrics(self, real: Tensor, fake: Tensor) -> dict[str, Tensor | Proportion]:
        """Return the shares of real and of generated samples that are classified correctly."""
        return {
            "real_accuracy": Proportion((real > self.threshold).sum(), real.numel()),
            "fake_accuracy": Proportion((fake <= self.threshold).sum(), fake.numel()),
        }


class NonSaturating(_ThresholdedLoss):
    """Cross-entropy, with the non-saturating loss of the generator.

    `−log σ(D(x)) − log(1 − σ(D(G(z))))` and `−log σ(D(G(z)))`; Goodfellow et al. 2014,
    "Generative adversarial nets".
    """

    threshold = 0.0

    def generator(self, fake: Tensor) -> Tensor:
        """Return `−log σ(D(G(z)))`."""
        return functional.softplus(-fake).mean()

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        """Return the sum of the cross-entropies of real and generated samples."""
        return functional.softplus(-real).mean() + functional.softplus(fake).mean()


class LeastSquares(_ThresholdedLoss):
    """`½(D(x) − 1)² + ½D(G(z))²` and `½(D(G(z)) − 1)²`.

    Source: Mao et al. 2017, "Least squares generative adversarial networks", equation 9.
    """

    threshold = 0.5

    def generator(self, fake: Tensor) -> Tensor:
        """Return half the squared distance of the scores from 1."""
        return (fake - 1).square().mean() / 2

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        """Return half the squared distances of the scores from 1 and 0."""
        return (real - 1).square().mean() / 2 + fake.square().mean() / 2


class Wasserstein(GanLoss):
    """`D(G(z)) − D(x) + λ(‖∇D(x̂)‖ − 1)²` and `−D(G(z))`, x̂ at random between x and G(z).

    Source: Gulrajani et al. 2017, "Improved training of Wasserstein GANs".
    """

    metric_names = ("distance",)

    def __init__(self, weight: float) -> None:
        """Store the penalty's weight λ."""
        self.weight = weight

    def generator(self, fake: Tensor) -> Tensor:
        """Return the negative score of the critic."""
        return -fake.mean()

    def discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        """Return the difference between the mean scores of generated and real samples."""
        return fake.mean() - real.mean()

    def compute_metrics(self, real: Tensor, fake: Tensor) -> dict[str, Tensor | Proportion]:
        """Return the estimated Wasserstein distance."""
        return {"distance": real.mean() - fake.mean()}

    def penalty(
        self, critic: Critic, real: Tensor, fake: Tensor, generator: torch.Generator | None
    ) -> Tensor | None:
        """Return λ times the mean of `(‖∇D(x̂)‖ − 1)²`."""
        if not self.weight:
            return None
        shape = (len(real), *[1] * (real.ndim - 1))
        mix = torch.empty(shape, device=real.device).uniform_(generator=generator)
        points = torch.lerp(real, fake.to(real.dtype), mix).requires_grad_()
        with torch.autocast(real.device.type, enabled=False):
            (slope,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
            norms = slope.reshape(len(slope), -1).norm(dim=1)
        excess: Tensor = (norms - 1).square().mean()
        return self.weight * excess


def gan_loss(loss: str, settings: Mapping[str, Any]) -> GanLoss:
    """Return the losses of that name; settings as `loss_settings` returns them."""
    if loss == "wasserstein":
        return Wasserstein(settings["penalty"])
    return LeastSquares() if loss == "least-squares" else NonSaturating()
