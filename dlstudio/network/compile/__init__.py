"""Compiles a design to `torch.fx` graph modules, one for each connected component.

Knows nothing about training. Begin with `compile.py`; `initialise.py` seeds the weights,
`subgraph.py` and `subnetwork.py` cut out parts.
"""
