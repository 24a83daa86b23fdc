"""One training step, evaluation, and the state between steps; emits no events.

Begin with `trainer.py`. `plan.py` applies changes of settings during a run, `state.py` is the
progress that a checkpoint stores, `devices.py` chooses device, precision and threads.
"""
