"""What all data shares: subsets, splits, normalisation, augmentation and batches.

Independent of sources and file formats; imports no other folder of `data`. Begin with `dataset.py`
(subsets and raw samples), then `batches.py`; `split.py` and `vocabulary.py` are torch-free.
"""
