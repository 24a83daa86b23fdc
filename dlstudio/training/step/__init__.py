"""One training step, evaluation, and the state between steps; emits no events.

Begin with `trainer.py`. `plan.py` holds the settings in force, `run_changes.py` declares what can
be changed during a run, `loop_state.py` is the progress that a checkpoint stores, `devices.py`
chooses device, precision and threads.
"""
