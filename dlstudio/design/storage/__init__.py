"""Files of the document: designs, blocks and bundles, their JSON and their migrations.

Content of files is never trusted: whatever cannot be read raises a `FileError` in plain words.
Begin with `design_file.py`; `codec.py` converts a project to JSON values, `migrations.py` upgrades
those of older versions, `atomic_files.py` writes to disk.
"""
