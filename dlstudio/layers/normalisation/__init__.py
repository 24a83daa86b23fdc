"""Normalisation, dropout and noise.

Begin with `normalisation.py` for layers over features or groups, `channel_norms.py` for those
with statistics per channel, and `dropout.py`.
"""
