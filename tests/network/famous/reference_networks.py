"""Famous networks written from their papers, without dropout.

Submodules are declared in the order of the weights of the designs.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional


class LstmLanguageModel(nn.Module):
    """The medium network of Zaremba et al., 2014."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 650)
        self.lstm = nn.LSTM(650, 650, num_layers=2, batch_first=True)
        self.linear = nn.Linear(650, vocabulary)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.lstm(self.embedding(x))[0])


class Transformer(nn.Module):
    """The base model of Vaswani et al., 2017: torch's stacks without a final norm."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.table = nn.Embedding(vocabulary, 512)
        inner = {"dim_feedforward": 2048, "dropout": 0.0, "batch_first": True}
        encoder = nn.TransformerEncoderLayer(512, 8, **inner)
        decoder = nn.TransformerDecoderLayer(512, 8, **inner)
        self.stacks = nn.Transformer(
            512,
            8,
            custom_encoder=nn.TransformerEncoder(encoder, 6, enable_nested_tensor=False),
            custom_decoder=nn.TransformerDecoder(decoder, 6),
            batch_first=True,
        )

    def embed_with_positions(self, tokens: Tensor) -> Tensor:
        """Return sqrt(512) times each vector, plus its sinusoidal position."""
        position, pair = torch.arange(tokens.shape[1])[:, None], torch.arange(256)
        angles = position / 10_000 ** (2 * pair / 512)
        waves = torch.stack((angles.sin(), angles.cos()), 2).flatten(1)
        return self.table(tokens) * 512**0.5 + waves

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        shifted = functional.pad(target[:, :-1], (1, 0))
        mask = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).triu(1)
        hidden = self.stacks(
            self.embed_with_positions(source), self.embed_with_positions(shifted), tgt_mask=mask
        )
        return hidden @ self.table.weight.T


class TwoConvolutions(nn.Sequential):
    def __init__(self, channels: int, width: int) -> None:
        layers = (nn.Conv2d(channels, width, 3), nn.ReLU(), nn.Conv2d(width, width, 3), nn.ReLU())
        super().__init__(*layers)


class UNet(nn.Module):
    """Figure 1 of Ronneberger et al., 2015."""

    def __init__(self, width: int) -> None:
        super().__init__()
        widths = [width * 2**level for level in range(5)]
        pairs = list(pairwise(widths))
        self.down = nn.ModuleList([TwoConvolutions(1, width)])
        self.down.extend(TwoConvolutions(above, below) for above, below in pairs)
        self.up = nn.ModuleList()
        for above, below in reversed(pairs):
            self.up.append(nn.ConvTranspose2d(below, above, 2, stride=2))
            self.up.append(TwoConvolutions(below, above))
        self.scores = nn.Conv2d(width, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for level, block in enumerate(self.down):
            x = block(functional.max_pool2d(x, 2) if level else x)
            skips.append(x)
        skips.pop()
        for upsample, block in zip(self.up[::2], self.up[1::2], strict=True):
            x = upsample(x)
            skip = skips.pop()
            edge = (skip.shape[2] - x.shape[2]) // 2
            x = block(torch.cat((skip[:, :, edge:-edge, edge:-edge], x), 1))
        return self.scores(x)


class DcganGenerator(nn.Sequential):
    """The generator of Radford et al., 2015, with the sizes of PyTorch's example."""

    def __init__(self) -> None:
        layers: list[nn.Module] = [nn.Unflatten(1, (100, 1, 1))]
        sizes = ((100, 512, 1, 0), (512, 256, 2, 1), (256, 128, 2, 1), (128, 64, 2, 1))
        for channels, width, stride, padding in sizes:
            layers.append(nn.ConvTranspose2d(channels, width, 4, stride, padding, bias=False))
            layers += [nn.BatchNorm2d(width), nn.ReLU()]
        layers += [nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh()]
        super().__init__(*layers)


class DcganDiscriminator(nn.Sequential):
    """The discriminator of Radford et al., 2015, without the sigmoid, which the loss applies."""

    def __init__(self) -> None:
        layers: list[nn.Module] = [nn.Conv2d(3, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
        for channels in (64, 128, 256):
            layers.append(nn.Conv2d(channels, 2 * channels, 4, 2, 1, bias=False))
            layers += [nn.BatchNorm2d(2 * channels), nn.LeakyReLU(0.2)]
        layers += [nn.Conv2d(512, 1, 4, 1, 0, bias=False), nn.Flatten()]
        super().__init__(*layers)


class DdpmResidual(nn.Module):
    """A residual block of Ho et al., 2020; submodules have the design's names."""

    def __init__(self, channels: int, width: int, time: int) -> None:
        super().__init__()
        self.conv_1 = nn.Conv2d(channels, width, 3, padding=1)
        self.conv_2 = nn.Conv2d(width, width, 3, padding=1)
        self.norm_1 = nn.GroupNorm(32, channels, eps=1e-6)
        self.norm_2 = nn.GroupNorm(32, width, eps=1e-6)
        self.time = nn.Linear(time, width)
        self.shortcut = nn.Conv2d(channels, width, 1) if channels != width else nn.Identity()

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        hidden = self.conv_1(functional.silu(self.norm_1(x)))
        hidden = hidden + self.time(functional.silu(time))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(functional.silu(self.norm_2(hidden)))


class DdpmAttention(nn.Module):
    """Single-head self-attention over all pixels."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(32, width, eps=1e-6)
        self.qkv, self.out = nn.Conv2d(width, 3 * width, 1), nn.Conv2d(width, width, 1)

    def forward(self, x: Tensor, _time: Tensor) -> Tensor:
        q, k, v = self.qkv(self.norm(x)).flatten(2).chunk(3, 1)
        scores = torch.einsum("bci,bcj->bij", q, k) * x.shape[1] ** -0.5
        pixels = torch.einsum("bij,bcj->bci", scores.softmax(2), v)
        return x + self.out(pixels.view_as(x))


class Ddpm(nn.Module):
    """The CIFAR-10 network of Ho et al., 2020."""

    def __init__(self, width: int) -> None:
        super().__init__()
        time, widths, skips = 4 * width, (width, 2 * width, 2 * width, 2 * width), [width]
        self.first = nn.Conv2d(3, width, 3, padding=1)
        self.time = nn.Sequential(nn.Linear(128, time), nn.SiLU(), nn.Linear(time, time))
        self.down, channels = nn.ModuleList(), width
        for level, level_width in enumerate(widths):
            for _ in range(2):
                self.down.append(self.make_level(channels, level_width, time, attends=level == 1))
                channels = level_width
                skips.append(level_width)
            if level < 3:
                self.down.append(nn.Conv2d(level_width, level_width, 3, stride=2))
                skips.append(level_width)
        self.middle = self.make_level(channels, channels, time, attends=True)
        self.middle.append(DdpmResidual(channels, channels, time))
        self.up = nn.ModuleList()
        for level, level_width in reversed(list(enumerate(widths))):
            for _ in range(3):
                channels += skips.pop()
                self.up.append(self.make_level(channels, level_width, time, attends=level == 1))
                channels = level_width
            if level:
                self.up.append(nn.Conv2d(level_width, level_width, 3, padding=1))
        self.norm = nn.GroupNorm(32, width, eps=1e-6)
        self.last = nn.Conv2d(width, 3, 3, padding=1)

    @staticmethod
    def make_level(channels: int, width: int, time: int, *, attends: bool) -> nn.ModuleList:
        level = nn.ModuleList([DdpmResidual(channels, width, time)])
        return level.append(DdpmAttention(width)) if attends else level

    def forward(self, x: Tensor, steps: Tensor) -> Tensor:
        angles = steps[:, None] / 10_000 ** (torch.arange(64) / 64)
        time = self.time(torch.stack((angles.sin(), angles.cos()), 2).flatten(1))
        skips = [x := self.first(x)]
        for level in self.down:
            if isinstance(level, nn.Conv2d):
                x = level(functional.pad(x, (0, 1, 0, 1)))
            else:
                x = run_level(level, x, time)
            skips.append(x)
        x = run_level(self.middle, x, time)
        for level in self.up:
            if isinstance(level, nn.Conv2d):
                x = level(functional.interpolate(x, scale_factor=2))
            else:
                x = run_level(level, torch.cat((x, skips.pop()), 1), time)
        return self.last(functional.silu(self.norm(x)))


def run_level(level: nn.ModuleList, x: Tensor, time: Tensor) -> Tensor:
    for module in level:
        x = module(x, time)
    return x
