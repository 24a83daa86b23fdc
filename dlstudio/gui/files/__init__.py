"""Design files on disk: open, save, lock, watch, recover, recent files.

Imports the document, the runs and the prompts, but no panel. Begin with `design_files.py`;
`recovery.py` holds the copies that survive a crash.
"""
