"""Readers of the user's own files: tables (CSV), arrays (NPZ), and folders of images and sounds.

Each reader takes a path and parsed options and returns raw samples, skipping unreadable files with
a warning; splitting and normalisation happen later, in `load.py`. Begin with `image_folder.py`;
tables go from `csv_parser.py` through `csv_columns.py` to `csv_dataset.py`.
"""
