"""What can be looked at in a network: one declaration a file, one line each in the registry.

A declaration knows neither torch nor Qt: what computes a view, and a panel of its own where it has
one, are dotted targets that are resolved when somebody looks. Begin reading in `spec`; `values`
holds what a view may return and every window can draw.
"""
