"""Training: from a project to a stream of events, with checkpoints and a run folder.

Begin with `loop/loop.py` (the loop, a generator of events) and `step/trainer.py` (one step).
`tasks/` computes losses and metrics, `specs/` declares the tasks (torch-free), `readiness/` checks
whether a design can be trained, `storage/` writes runs. Imports `network`, `data`, `layers` and
`design`; must not import Qt, the command line or particular observers.
"""
