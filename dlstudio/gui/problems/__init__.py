"""The list of problems, and the keyboard navigation through them.

Shows what the document's report holds; decides nothing about it. Begin with `problems.py`;
`problem_card.py` shows one problem with a button for each fix.
"""
