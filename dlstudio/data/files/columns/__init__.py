"""What is made of a table's columns: their use, a description, the rows that fit, messages.

Begin with `description.py`. Imports no torch; `files/tables` reads the cells, and
`files/csv_dataset.py` turns them into samples.
"""
