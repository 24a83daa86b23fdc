"""Slow work in a child process: what computes long, or draws from global random generators.

`python -m dlstudio.worker` reads requests, one JSON object a line, and answers with JSON lines
(started, progress, done, failed); arrays lie in temporary safetensors files. Nothing is pickled or
forked. The room knows no Qt. Begin reading in `client`, which starts the child, and `server`, which
is the child.
"""
