"""The dialog of the learning-rate range test.

Begin with `rate_range_dialog.py`; `rate_chart.py` draws the curve and the marker that chooses a
rate, `rate_work.py` runs the test in the worker. Imports no other panel than the curves.
"""
