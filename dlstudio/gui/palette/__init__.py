"""The palette on the left: layer kinds and blocks, to search, drag or append.

Imports the document and the layer registry, but no canvas scene. Begin with `palette.py`;
`user_blocks.py` saves and removes the user's own blocks.
"""
