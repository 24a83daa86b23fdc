"""Looking inside a network: activations, samples, probes and anomaly scores, as numpy values.

Views read a trained network and its data and never change either. Imports `training` and below;
never Qt. `views/` declares the views (torch-free), the other folders compute them.
Begin with `views/spec.py`, then `activations/activations.py`.
"""
