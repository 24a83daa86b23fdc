"""Slow analyses of a trained network: linear probes, embeddings and anomaly detection.

Each takes a progress callback, which may raise to cancel. Begin with `layer_probe.py`;
`probe_views.py` and `anomaly_views.py` hold the resulting values and do not import torch.
"""
