"""Reads a number as people type it: `24`, `3.5`, `１２`, `1,200`, `24箱`, `coke` not."""

import re
import unicodedata

# An amount, alone or with its unit behind it; a sentence with a number in it is a sentence
_NUMBER = re.compile(r"^([+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?)\s*([^\W\d_]{0,6}\.?)$")


def read_number(text: str) -> float | None:
    """The number, or None when this is not one; whole numbers come back whole (as float without a fraction)."""
    match = _NUMBER.match(unicodedata.normalize("NFKC", text).strip())
    if match is None or len(match[1]) > 15:
        return None
    return float(match[1].replace(",", ""))
