"""Files of the document: designs, blocks and bundles, their JSON and their migrations.

File content is never trusted: whatever cannot be read raises a `FileError` with a clear message.
Begin with `design_file.py`; `codec.py` converts a project to JSON values, `migrations.py` upgrades
those of older versions, `atomic_files.py` writes to disk.
"""
