"""Work in threads that must not block the window.

Imports no panel; imports torch only inside a thread. Begin with `background_task.py`, one task with
progress and cancel; `latest_task.py` keeps only the newest of several requests.
"""
