"""From a design to torch: checked shapes, built modules, compiled networks and their weights.

Imports torch, `layers` and `design`, and neither data nor training. Begin with
`check/inference.py`, which checks a design on the meta device, and `compile/compile.py`, which
builds the network that is trained.
"""
