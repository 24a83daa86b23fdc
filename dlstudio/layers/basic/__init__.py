"""Inputs and outputs, dense layers, embeddings and constant tensors.

Begin with `io.py` for the roles of inputs and outputs, and `dense.py` for a typical layer. May
import `layers/framework` only.
"""
