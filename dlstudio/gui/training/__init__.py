"""Training in the window: run bar, training form, parameter groups, runs panel and log panel.

Reads and controls the `TrainingSession` of `gui/runs` and edits the document's training settings.
Imports no plot, no inspector and no window. Begin with `run_bar.py` and `training_form.py`, whose
rows are declared in `training_form_rows.py`.
"""
