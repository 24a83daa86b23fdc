"""What views share: network state, snapshots, live updates, evaluation mode and samples.

Must not import any particular view. Begin with `network_state.py`.
"""
