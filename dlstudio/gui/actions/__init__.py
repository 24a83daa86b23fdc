"""The table of all commands, from which menus, shortcuts and the shortcut sheet derive.

Imports no widget: slots are dotted paths from the main window. Begin with `actions.py`, the
declaration, then `action_table.py`, the table.
"""
