"""Reads a delimited text file as typed columns: one reader for tables and time series.

`table.py` reads a file; `structure.py` finds delimiter, header and first row, `records.py` splits
the text, `column_builder.py` collects cells chunk by chunk, `number_format.py`, `date_format.py`
and `gap_words.py` decide what the cells of a column mean.
"""
