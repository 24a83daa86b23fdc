"""Random sequences of edits, runs and files against a model of what must be trained and stored.

Begin with `play.py`; `expectations.py` is the model.
"""
