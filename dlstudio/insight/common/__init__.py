"""What views share: network state, snapshots, evaluation mode and sample selection.

Knows no particular view. Begin with `network_state.py`.
"""
