"""Text as such: cleaning it, its punctuation, cutting it into passages and terms. Pure functions."""
