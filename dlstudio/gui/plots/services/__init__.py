"""Objects that the panels of views share: the run and the network they show, and the worker.

Imports no panel. Begin with `view_services.py`.
"""
