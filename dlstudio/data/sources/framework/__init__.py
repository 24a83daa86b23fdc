"""What a data source is: its declaration, its types of options, the request to its reader.

Imports no particular source, no torch and no Qt. Begin with `source.py`.
"""
