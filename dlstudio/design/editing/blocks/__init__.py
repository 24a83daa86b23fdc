"""Edits of blocks: grouping, ungrouping, parameters and the references to them.

Begin with `grouping.py` and its inverse `ungrouping.py`. Parameter groups of the training settings
and the spacing of cards follow by `group_selectors.py` and `block_spacing.py`.
"""
