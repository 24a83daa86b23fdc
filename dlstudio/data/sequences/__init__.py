"""Sequences from other data: windows of a time series, and images read row by row.

Both split along the order of the data or after it, so they return whole data sets. Reads no files;
`files/csv_series.py` reads the values. Begin with `series.py`.
"""
