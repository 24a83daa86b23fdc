"""The values that a design consists of, and those that describe it: ports, signals, problems.

Frozen dataclasses without behaviour beyond lookups. Imports nothing of dlstudio. Begin with
`model.py` (`Project`, `Graph`, `Node`, `Edge`, `Layout`); `report.py` is the result of a check.
"""
