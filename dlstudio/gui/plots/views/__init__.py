"""A panel for each view of the registry: its own, or the one that all others share."""
