"""dlstudio, a desktop studio for neural networks.

Imports go one way: `design` < `layers` < `network`, `data` < `training` < `insight`, `exchange` <
`gui` < `app`, `cli` (contracts in pyproject.toml). Begin with `design/model/model.py`, the document
that every package works on; `app.py` builds the window and `cli/main.py` the command line.
"""
