"""What the commands do, one module for each command of the same name.

These import torch, so a command imports its module only when it runs. They know the values of the
options but no parser. Begin with `check.py`.
"""
