"""Dataset info of synthetic data, computed from the options without generating any data.

A declaration names one of these functions as its `info`; the readers in `data/synthetic` import
their classes and shapes from here. Does not import torch. Begin with `points.py`.
"""
