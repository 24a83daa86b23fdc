"""Which weights the shown network has. Begin with `weights_origin.py`.

Must not know any panel, nor torch.
"""
