"""The run: prepares it, trains step by step, yields events, executes commands, writes checkpoints.

Begin with `loop.py`; `prepare.py` builds a run, `run_recorder.py` reports and stores it,
`runner.py` runs it in a thread. Observers are called between steps (`observer.py`); which ones
exist is not known here.
"""
