"""The numbers that a setting may reference by name: sizes of the data and block parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class ReferenceNames(dict[str, int]):
    """Numbers by name; `parameters` lists those that are block parameters.

    Attributes:
        block_id: The block being edited, or empty.
        parameters: Names that are parameters of that block.
    """

    def __init__(
        self, numbers: Mapping[str, int], block_id: str = "", parameters: Iterable[str] = ()
    ) -> None:
        """`numbers` holds both sorts; a parameter hides a data size of the same name."""
        super().__init__(numbers)
        self.block_id = block_id
        self.parameters = tuple(parameters)

    @property
    def data_values(self) -> Mapping[str, int]:
        """Sizes of the data by name."""
        return {name: number for name, number in self.items() if name not in self.parameters}

    @property
    def parameter_values(self) -> Mapping[str, int]:
        """Block parameters by name, with the values of the first placement."""
        return {name: self[name] for name in self.parameters if name in self}
