"""The numbers that a setting may take by name: the data's facts and the block's parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class ReferenceNames(dict[str, int]):
    """Numbers by name, and which of the names are the block's own.

    Attributes:
        block_id: The block whose inside is edited, or empty.
        parameters: Names that are parameters of that block.
    """

    def __init__(
        self, numbers: Mapping[str, int], block_id: str = "", parameters: Iterable[str] = ()
    ) -> None:
        """Hold facts and parameters together; a parameter hides a fact of its name."""
        super().__init__(numbers)
        self.block_id = block_id
        self.parameters = tuple(parameters)

    @property
    def data_values(self) -> Mapping[str, int]:
        """The data's numbers."""
        return {name: number for name, number in self.items() if name not in self.parameters}

    @property
    def parameter_values(self) -> Mapping[str, int]:
        """The parameters' numbers, as the first placement sets them."""
        return {name: self[name] for name in self.parameters if name in self}
