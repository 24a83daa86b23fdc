"""Tasks with targets: classification, regression, multi-label and segmentation.

Begin with `supervised.py`.
"""
