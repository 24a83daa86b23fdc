"""Rules of the generative and contrastive tasks: GANs, diffusion, variational autoencoders.

Each function takes a `CheckContext` and yields problems. Begin with `variational.py`.
"""
