"""Training runs as the window follows them, and the network that they leave behind.

Imports no panel and no canvas, and torch only in background threads. Begin with `session.py`, which
turns the events of a run into signals; `run_controller.py` starts and ends runs for the user;
`run_record.py` keeps what is known of a run, `run_history.py` its curves; `trained_network.py`
gives views a copy of the network.
"""
