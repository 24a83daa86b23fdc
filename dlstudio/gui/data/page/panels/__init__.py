"""The panels of the page besides the table and the right side; each draws the same contents."""
