"""Downloaded data sets: MNIST, its variants and CIFAR, in torchvision's folder layout.

`torchvision_datasets.py` reads a set and downloads it first if missing; `mirrors.py` lists
addresses and checksums; `download.py` and `url_stream.py` fetch files and do not import torch.
"""
