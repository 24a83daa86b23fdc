"""The main window: builds the panels, connects them and lays them out.

The top folder of `gui`; only `app` imports it. Begin with `main_window.py`, which creates the
panels (those with plots later, by `plot_panels.py`), and `connections.py`, which connects their
signals. Each other module does one job of the window: menus, docks, status bar, autosave,
screenshots.
"""
