"""The curves panel: loss, metrics, learning rate and throughput of one or more runs.

Draws `RunHistory` objects of `gui/runs` with pyqtgraph; imports no network and no torch. Begin with
`curves_panel.py` (which runs are shown, and the redraw timer), `curves_toolbar.py` (the controls)
and `chart.py` (the plot).
"""
