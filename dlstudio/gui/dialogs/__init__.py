"""Dialogs of the main window: preferences, shortcuts, weight import, summary, about.

Each is imported when it is first opened (see `window/dialog_launcher.py`) and imports no panel.
Begin with `preferences_dialog.py`, the simplest one.
"""
