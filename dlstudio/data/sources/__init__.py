"""Where data comes from: declarations below, their registry in `sources`, and what derives from it.

Knows no torch and no Qt: what reads a source is named by a dotted target and imported by
`data.load` when it is needed. Begin with `sources`, then `framework.source`.
"""
