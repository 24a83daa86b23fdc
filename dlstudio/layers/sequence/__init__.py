"""Layers for sequences: recurrent, attention, transformer, positions and embeddings.

All are batch-first. Begin with `sequence_layers.py`, whose base class checks for a sequence, then
`recurrent.py` or `attention.py`; `time_distributed.py` exists only in expanded networks.
"""
