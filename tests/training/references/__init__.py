"""Metrics, losses, schedules and optimisers against torch, scikit-learn or double precision.

Each module returns pairs of our value and the reference for drawn inputs; `table.py` collects
them for the tests beside it and for the benchmark `figures`.
"""
