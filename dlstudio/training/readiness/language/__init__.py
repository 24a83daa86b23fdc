"""Rules of the tasks on tokens: causality, vocabulary and the size of embeddings.

Each function takes a `CheckContext` and yields problems. Begin with `tokens.py`.
"""
