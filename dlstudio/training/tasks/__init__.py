"""Objectives: what each task computes from a network and a batch, in torch.

`core/objective.py` is the protocol, `registry.py` creates the objective of a project; the folders
hold one module per task. The torch-free declarations of tasks are in `training/specs`. Imports no
loop and no run folder.
"""
