"""Metrics: accumulated on the device batch by batch, read once per subset.

`batch_result.py` is what a task returns for a batch, `metrics.py` the protocol and the common
metrics; `metric_names.py` gives display names and is torch-free. Imports no task and no loop.
"""
