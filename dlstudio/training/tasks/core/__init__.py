"""What tasks share: the objective protocol, losses, class conditioning and latent spaces.

Begin with `objective.py`. Imports no particular task.
"""
