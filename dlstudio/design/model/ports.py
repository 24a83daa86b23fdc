"""Ports of nodes, as structure checks need them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Port:
    """A named connection point; a variadic port accepts several edges, ordered by slot."""

    name: str
    help: str = ""
    variadic: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Ports:
    """All ports of one node."""

    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
