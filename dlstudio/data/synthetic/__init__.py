"""Data that needs no file: generated points, shapes, tones, characters and sequences.

Also reads the small real sets that ship with scikit-learn. Equal options and seeds give equal
samples; no global generator is used. Begin with `synthetic_points.py`.
"""
