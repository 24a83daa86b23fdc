"""The learning-rate range test: a short training during which the learning rate rises.

Begin with `range_test.py`, the rates, the curve and the suggestion as plain numbers without torch;
`sweep.py` trains a copy of the network, with the trainer of `step`. Imports no run folder.
"""
