"""What follows from the wiring alone: cycles, missing wires, expanded blocks, suggested wires.

Uses ports, but no layer kinds and no shapes; those are checked in `network/check`. Begin with
`structure.py`, which reports the problems of one graph, and `expand.py`, which flattens all blocks.
"""
