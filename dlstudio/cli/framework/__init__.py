"""What every command builds on: its declaration, option types and exit statuses.

Imports no particular command and prints nothing. Begin with `command.py`.
"""
