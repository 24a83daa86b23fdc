"""The outputs of layers for one sample, and the time each layer takes.

`activations.py` observes a run or captures on demand, `summaries.py` reduces outputs to what the
window draws; `activation_views.py` holds the resulting values and does not import torch.
"""
