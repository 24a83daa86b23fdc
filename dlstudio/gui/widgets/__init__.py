"""Small widgets and formats that any panel may use.

Imports no document and no panel, only the style. Begin with `basic_widgets.py` (labels, buttons,
cards), then `field.py` (one-line editors) and `number_format.py` (numbers and units as text).
"""
