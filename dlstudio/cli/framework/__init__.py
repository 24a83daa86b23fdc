"""What every command builds on: its declaration, option types and exit statuses.

Knows no particular command and prints nothing. Begin with `command.py`.
"""
