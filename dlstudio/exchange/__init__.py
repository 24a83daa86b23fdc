"""Designs in and out of other formats: PyTorch source, ONNX, imported modules.

May import designs, layers and networks, but not the GUI. Still empty: add one module per format.
"""
