"""The gallery: a page of the window with the examples, recent designs and the ways to begin.

It knows neither the window nor the open design; `gui/window/gallery_host.py` shows it. Begin with
`page.py`; `search.py`, `synonyms.py` and `card_info.py` do without Qt.
"""
