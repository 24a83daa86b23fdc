"""Designs in and out of other formats: PyTorch source, ONNX, imported modules.

Knows designs, layers and networks, never the window. It is still empty: add one module per format.
"""
