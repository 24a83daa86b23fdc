"""Source code of a plug-in package with a layer kind, for the current and the first API."""

KINDS = """
from dataclasses import dataclass

from dlstudio.layers.kind import Call, LayerKind
from dlstudio.layers.settings import Real, setting


@dataclass(frozen=True)
class Amplify(LayerKind):
    name = "amplify"
    title = "Amplify"
    category = "activation"
    summary = "Makes every number larger"
    explanation = "Turns the volume up. Every number is multiplied."

    factor: float = setting(Real(title="Factor", help="How much larger.", default=2.0))

    def call(self, signals):
        return Call("tiny_layers.modules.Amplify", {"factor": self.factor})


@dataclass(frozen=True)
class Clash(Amplify):
    name = "relu"


KINDS = (Amplify,)
CLASHING = (Clash,)
"""

EARLIER_KINDS = """
from dataclasses import dataclass

from dlstudio.layers.kind import Call, Kind
from dlstudio.layers.settings import Number, declare


@dataclass(frozen=True)
class Amplify(Kind):
    name = "amplify"
    title = "Amplify"
    category = "activation"
    summary = "Makes every number larger"
    explanation = "Turns the volume up. Every number is multiplied."

    factor: float = declare(Number(title="Factor", help="How much larger.", default=2.0))

    def call(self, signals):
        return Call("tiny_layers.modules.Amplify", {"factor": self.factor})


@dataclass(frozen=True)
class Clash(Amplify):
    name = "relu"


KINDS = (Amplify,)
CLASHING = (Clash,)
"""

MODULES = """
from torch import nn


class Amplify(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return x * self.factor
"""
