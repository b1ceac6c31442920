"""Which language a question is in. Pure functions."""

import re

from index.language import Language


def language(question: str) -> Language:
    """zh where the question has a Chinese character or no letter at all, else en."""
    return "en" if re.search(r"[A-Za-z]", question) and not re.search(r"[㐀-鿿]", question) else "zh"
