"""The catalogue of layers: one frozen dataclass per kind, grouped by family, in one registry.

Imports neither torch nor Qt: a kind returns a `Call` that names what to build. Begin with
`framework/kind.py`, then any family such as `activation/rectifiers.py`; `registry.py` lists them
all. `kind.py`, `settings.py` and `mistakes.py` are the names that installed packages import.
"""
