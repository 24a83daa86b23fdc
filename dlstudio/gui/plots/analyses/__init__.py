"""Analyses that run on demand: anomalies by reconstruction error, and linear probes of layers.

Each works on a copy of the network, outside the GUI thread, with progress and cancel. Panels import
torch only in background threads; the computations are in `insight/analyses`. Begin with
`analysis_panel.py` and `analysis_task.py`, then `anomalies_panel.py` or `linear_probe_panel.py`.
"""
