"""Text as HTML, for what the server writes itself: the maintainers' page."""

import html
import re


def plain_html(text: str) -> str:
    """`text` as HTML that shows it letter by letter; braces and dollars too, since Gradio fills templates written with them."""
    return re.sub(r"[{}$]", lambda mark: f"&#{ord(mark[0])};", html.escape(text))
