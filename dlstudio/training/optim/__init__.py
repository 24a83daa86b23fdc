"""Optimisers per parameter group, learning-rate schedules and averages of the weights.

Imports no loop, no data and no run folder. Begin with `group_optimiser.py`; `schedules.py` is
torch-free, `module_tensors.py` reads and loads a module's tensors by name.
"""
