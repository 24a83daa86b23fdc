"""Saves and loads weights, and matches those of another network or PyTorch file.

Files are safetensors; a pickle is only read with `weights_only`. Begin with `weights.py`;
`transfer.py` matches tensors by name and shape.
"""
