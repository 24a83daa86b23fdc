"""The data settings in the window: the form, the dialogs for columns and points, the preview.

Edits `DataSettings` through the document; reads data only in the background, with the readers of
`dlstudio.data`. Imports no canvas, no run and no other panel. Begin with `data_form.py`; its rows
are declared in `data_form_rows.py`, and `data_import.py` uses the user's own files.
"""
