"""What a data source is: its declaration, its kinds of options, what its reader is given.

Knows no source, no torch and no Qt. Begin with `source`.
"""
