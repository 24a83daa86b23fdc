"""The table of the page: model, heads and cells, of which only the visible ones are drawn."""
