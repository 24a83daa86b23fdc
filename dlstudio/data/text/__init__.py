"""Text as tokens: reads text files, tokenises them, and generates words, reviews and dates.

Only `text.py` imports torch. The vocabulary is in `core/vocabulary.py`. Begin with `token_text.py`.
"""
