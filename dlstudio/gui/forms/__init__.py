"""Forms that are generated from declared settings.

Uses declarations only, never a particular layer kind, task or data source. Begin with
`settings_form.py`, one row per setting; `setting_editors.py` chooses the editor for a type, and
`value_format.py` formats and parses values.
"""
