"""Samples of a network: generated images and texts, predictions and nearest neighbours.

Begin with `samples.py`; `sample_views.py` holds the resulting values and does not import torch.
"""
