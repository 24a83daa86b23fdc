"""Activation functions, each applied to every number or along one axis.

Begin with `rectifiers.py`, whose base class most share; `saturating.py` has sigmoids and softmax,
`gated.py` the activations with a gate.
"""
