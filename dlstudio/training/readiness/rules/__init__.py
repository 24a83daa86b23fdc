"""Rules for every task: inputs, outputs, targets, settings, resources and the weights file.

Each function takes a `CheckContext` and yields problems. Begin with `outputs.py`.
"""
