"""The widgets of the canvas: the view, the breadcrumb bar, the context menus, the whole editor.

The top folder of the canvas: may import all others of `gui/canvas`, but no panel and no window.
Begin with `editor.py`, whose methods the action table calls, and `view.py`, which receives mouse
and key events.
"""
