"""The page that shows what dlstudio makes of data, and starts a first network.

`data_page.py` composes it. `contents` are frozen values that are read in the background; `table`,
`panels` and `side` draw them. Knows no run and no canvas: the page emits the design, the window
opens and trains it.
"""
