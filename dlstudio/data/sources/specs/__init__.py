"""The declarations of the data sources, one module for each family of near-equal ones.

A declaration names its reader and its facts by dotted targets; the registry above lists it with
one line. Knows no torch and no Qt.
"""
