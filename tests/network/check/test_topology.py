import random

from dlstudio.design.model.model import Edge
from dlstudio.network.check.topology import build_topology

EDGES = [
    Edge("input_1", "conv2d_2"),
    Edge("input_1", "conv2d_10"),
    Edge("conv2d_2", "add_1", target_port="inputs"),
    Edge("conv2d_10", "add_1", target_port="inputs", slot=1),
]


def test_order_does_not_depend_on_the_storage_order() -> None:
    paths = ["input_1", "conv2d_2", "conv2d_10", "add_1"]
    for seed in range(20):
        shuffle = random.Random(seed).shuffle
        shuffled, edges = list(paths), list(EDGES)
        shuffle(shuffled)
        shuffle(edges)
        topology = build_topology(shuffled, edges)
        assert topology.order == ("input_1", "conv2d_2", "conv2d_10", "add_1")
        sources = [edge.source for edge in topology.incoming["add_1"]["inputs"]]
        assert sources == ["conv2d_2", "conv2d_10"]
