"""Does what a network gives back have the shape of what it is compared with?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from dlstudio.design.problems import Problem, Repair
from dlstudio.training.rules.roles import output_of
from dlstudio.training.rules.situation import Situation, error


def reconstruction_problems(situation: Situation) -> Iterator[Problem]:
    """Yield a problem where the reconstruction has not the shape of the samples."""
    path = output_of(situation, "reconstruction")
    given, wanted = situation.arriving(path), situation.facts.inputs.get("samples")
    if not path or given is None or wanted is None or given.shape == wanted.shape:
        return
    repairs = []
    if math.prod(given.shape) == math.prod(wanted.shape):
        repairs.append(
            Repair(
                f"Insert Reshape to {wanted.text()}",
                "insert_before",
                {
                    "port": "input",
                    "slot": 0,
                    "kind": "reshape",
                    "settings": {"shape": wanted.shape},
                },
            )
        )
    yield error(
        "reconstruction-shape",
        f"{given.text()} leave the network, {wanted.text()} went in",
        f"What is rebuilt is compared with the sample number by number, so it must have the shape "
        f"{wanted.text()}; {given.text()} arrives. Let the last layer give "
        f"{math.prod(wanted.shape)} numbers and reshape them.",
        *repairs,
        path=path,
    )
