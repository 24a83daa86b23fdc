"""How the application looks: colours, fonts, icons and the style sheet.

Imports no other folder of `gui`. Begin with `theme.py`: it holds the two themes and
`current_theme()`; `stylesheet.py` lists the properties by which a widget selects its look.
"""
