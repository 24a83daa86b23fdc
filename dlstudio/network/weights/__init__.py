"""Saves and loads weights, and matches those of another network or PyTorch file.

Own files are safetensors; a pickle is only read with `weights_only`. Begin with `weights.py`;
`weights_file.py` reads files of any kind, `transfer.py` matches tensors by name and shape.
"""
