"""When a text of the maintainers' page counts as Chinese."""

import re


def is_chinese(text: str) -> bool:
    """Whether a text is Chinese all through: no two English words in a row, save in quotation marks what is not our own."""
    own = re.sub("“[^”]*”", "“”", text)
    return bool(re.search(r"[一-鿿]{4}", own)) and not re.search(r"[A-Za-z']{2,}[ ,;:]+[A-Za-z']{2,}", own)
