"""What made-up data looks like by its options alone, so that no design has to read it.

A declaration names one of these functions as its `info`; the readers take their classes and
shapes from here too. Knows no torch.
"""
