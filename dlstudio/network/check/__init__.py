"""Checks a design: infers every shape by running layers on the meta device, reports problems.

Builds no weights and reads no data. Begin with `inference.py` (`Checker`), then
`graph_evaluator.py`, which walks the expanded graph, and `meta.py`, which runs one layer; the
caches keep an edit fast.
"""
