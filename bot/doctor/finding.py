"""What the doctor says: one line, with what to do."""

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """How a thing stands."""

    GOOD = "✓"
    LOOK = "!"
    WRONG = "✗"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    mark: Mark
    text: str

    def __str__(self) -> str:
        return f"{self.mark.value} {self.text}"


def good(text: str) -> Finding:
    """As it should be."""
    return Finding(Mark.GOOD, text)


def look(text: str) -> Finding:
    """It runs, but somebody should look at it."""
    return Finding(Mark.LOOK, text)


def wrong(text: str) -> Finding:
    """It will not run like this."""
    return Finding(Mark.WRONG, text)
