"""The activations panel: the output of the selected layer for one sample, during and after a run.

Shows the `ActivationView` objects of `insight/activations`; torch is imported only where a run's
observer is created. Begin with `activations_panel.py`; `activation_drawing.py` draws a layer's
output, and `activation_history.py` keeps earlier steps in bounded memory.
"""
