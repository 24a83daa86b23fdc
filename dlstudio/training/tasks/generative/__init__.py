"""Tasks that generate samples: variational autoencoders, GANs and diffusion.

Begin with `variational.py`; `gan_losses.py` and `noise_schedule.py` hold the formulas of the
other two.
"""
