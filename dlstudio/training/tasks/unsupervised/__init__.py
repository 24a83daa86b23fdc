"""Tasks without targets: reconstruction (autoencoders) and contrastive learning.

Begin with `reconstruction.py`.
"""
