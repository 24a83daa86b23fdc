"""The options of training settings: optimisers, schedules, losses, clipping, with titles and help.

Torch-free: forms, checks and documentation derive from these declarations. Begin with
`training_options.py`.
"""
