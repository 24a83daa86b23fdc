"""Run folders: checkpoints, metrics, events and status on disk.

Files are written atomically, so that a crash leaves the last complete state. Begin with
`run_folder.py` (writing) and `runs.py` (listing; torch-free). Imports no loop and no task.
"""
