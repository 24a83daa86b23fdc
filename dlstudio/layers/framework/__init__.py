"""What every layer kind is made with: the base class, settings, problems and shared mixins.

Knows no particular kind. Begin with `kind.py` (`LayerKind`, `Call`) and `settings.py`;
`layer_problems.py` has the problems that several kinds report.
"""
