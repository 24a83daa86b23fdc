"""What a user may do with runs and weights, and the run folders of a design that is saved.

Must not know any panel. Begin with `run_controller.py`.
"""
