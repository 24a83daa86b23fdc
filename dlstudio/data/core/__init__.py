"""What all data shares: subsets, splits, normalisation, augmentation and batches.

Knows no source and no file format, and imports no other folder of `data`. Begin with `dataset.py`
(subsets and raw samples), then `batches.py`; `split.py` and `vocabulary.py` are torch-free.
"""
