"""What views share: the state of a network to look at, snapshots, evaluation mode, sample selection.

Knows no particular view. Begin with `network_state.py`.
"""
