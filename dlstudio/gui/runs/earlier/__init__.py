"""Runs that ended earlier, read from their folders: their curves, and the run of an opened design.

Must not know any panel. Begin with `previous_run.py`.
"""
