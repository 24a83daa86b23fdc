"""Tasks on tokens: next token, masked token and sequence to sequence.

Begin with `tokens.py`, which holds what all three share, then `next_token.py`.
"""
