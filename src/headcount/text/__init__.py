"""Clean text that remembers the source offset of every word: tokens, sentences, paragraphs, quotations."""

from headcount.text.tokens import Text, tokenize

__all__ = ["Text", "tokenize"]
