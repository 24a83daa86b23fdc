"""Builds one torch module from a layer's `Call`, and counts what it costs.

The only place where dotted names become classes. Begin with `build.py`; `cost.py` counts
parameters, operations and saved activations.
"""
