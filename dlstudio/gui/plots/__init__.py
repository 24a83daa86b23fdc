"""The plots of the bottom panel: curves, activations, samples and analyses of a network.

They show what `dlstudio.insight` computes for the live run, a finished run or an opened network,
and compute nothing expensive in the GUI thread. They import no window. Begin with `curves` for the
metrics of a run, `activations` for layer outputs, `samples` for predictions and generated samples,
and `analyses` for slow analyses.
"""
