"""One real training step with all its values: the input `trace` of views.

Knows no particular view. Begin with `step_trace.py`, what views get; `trace_observer.py` records it
by hooks that `call_recorder.py` registers.
"""
