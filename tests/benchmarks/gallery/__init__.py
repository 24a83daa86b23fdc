"""Trains the examples and writes the pictures and results that the gallery shows.

Begin with `__main__.py`, the command; `example_results.py` trains, `example_picture.py` draws.
"""
