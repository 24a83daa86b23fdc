"""What layer kinds are built from: the base class, settings, problems and shared mixins.

Imports no particular kind. Begin with `kind.py` (`LayerKind`, `Call`) and `settings.py`;
`layer_problems.py` has the problems that several kinds report.
"""
