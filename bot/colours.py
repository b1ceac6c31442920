"""Whether one colour stands out from another, as WCAG 2.2 counts it. Pure functions."""

import re

DARK = "#14181d"  # the page's ground in dark mode, as in static/page.css
LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3, for text of ordinary size


def contrast(first: str, second: str) -> float:
    """The contrast of two colours #rrggbb, from 1 to 21; raises `ValueError` where one is of another form.

    Formula: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Formula: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise ValueError("expected a colour such as #0b5c8a")
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
