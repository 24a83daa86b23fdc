"""The window, in Qt: everything that a user sees and clicks.

Folders import one way: style < widgets < document < forms, prompts, actions, background < canvas,
data, runs < problems, training < files, inspector < dialogs, palette, plots < window. No module
imports torch before the window has been painted. Begin with `document/document.py`, the open
design, then `window/main_window.py`, which puts the panels together.
"""
