"""What the panels of views work with: the run and the network they show, and the worker.

Knows no panel. Begin with `view_services.py`.
"""
