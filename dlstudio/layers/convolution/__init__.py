"""Convolutions, transposed convolutions, padding and resampling.

May import `layers/framework` only. Begin with `convolution.py`; `convolution_checks.py` has the
arithmetic of windows that its problems and fixes share.
"""
