"""What the page shows, as frozen values, and how it is read in the background.

Imports no widget. Begin with `page_contents.py`.
"""
