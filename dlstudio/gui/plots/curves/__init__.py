"""The curves panel: loss, metrics, learning rate and throughput of one or more runs.

Draws `RunHistory` objects of `gui/runs` with pyqtgraph; imports no network and no torch. Begin with
`curves_panel.py` (controls and redraw timer) and `chart.py` (the plot).
"""
