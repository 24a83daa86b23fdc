"""Slow work in a child process: long computations, or ones that use global random generators.

`python -m dlstudio.worker` reads requests, one JSON object per line, and answers with JSON lines
(started, progress, done, failed); arrays are passed in temporary safetensors files. Nothing is
pickled or forked. Must not import Qt. Begin with `client.py`, which starts the child, and
`server.py`, which runs in it.
"""
