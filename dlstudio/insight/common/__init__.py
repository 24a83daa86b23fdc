"""What views share: network state, snapshots, live updates, evaluation mode and samples.

Knows no particular view. Begin with `network_state.py`.
"""
