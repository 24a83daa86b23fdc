import re
from dataclasses import dataclass
from pathlib import Path

import torch

from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.settings import Real, setting
from dlstudio.network.build.build import build

README = Path(__file__).parents[2] / "README.md"


def test_readme_layer_kind_works() -> None:
    (source,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    names = {item.__name__: item for item in (Call, LayerKind, Real, dataclass, setting)}
    names["Signals"] = Signals
    exec(source, names)
    kind = names["Hardtanh"].parse({"max_val": 0.5}, {})
    module = build(kind.call({"input": (Signal((3,)),)}), "cpu")
    clipped = module(torch.tensor([[-3.0, 0.25, 3.0]]))
    assert torch.equal(clipped, torch.tensor([[-1.0, 0.25, 0.5]]))
