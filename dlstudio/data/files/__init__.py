"""Readers of the user's own files: tables (CSV), arrays (NPZ) and texts.

Each reader takes a path and parsed options and returns raw samples; what it leaves out is counted
and named. Splitting and normalisation happen later, in `load.py`. Tables go from `tables/`
through `columns/` to `csv_dataset.py`. Folders are read by `data/folders`.
"""
