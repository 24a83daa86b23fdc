"""The panels of the views: a generic one, unless a view declares its own.

Begin with `view_panel.py`; `view_panels.py` creates the panels of all views.
"""
