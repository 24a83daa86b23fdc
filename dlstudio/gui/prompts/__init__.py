"""Questions to the user in message boxes and file dialogs.

A caller gets an `Answer` and never opens a box itself, so tests can answer in the user's place.
Begin with `prompts.py`; imports no document and no panel.
"""
