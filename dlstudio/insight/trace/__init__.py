"""One real training step with all its values: the input `trace` of views.

Must not import any particular view. Begin with `step_trace.py`, which holds the values that views
get; `trace_observer.py` records them with hooks that `call_recorder.py` registers.
"""
