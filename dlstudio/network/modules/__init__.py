"""Torch modules for layers that `torch.nn` lacks, one file for each family.

Imports torch and nothing of dlstudio. `layers` names these classes as targets, and
`network/build` creates them; constructor arguments are settings of the layer, so their names are
fixed, as are parameter names, which are keys in weight files.
"""
