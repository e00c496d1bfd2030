"""What is drawn of a visit's place: the customer's fence, what the phone said, and how sure it was.

Streets are not needed to see whether one circle touches another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.geography import Point


@dataclass(frozen=True)
class Spot:
    """Where a phone said it was; accuracy in metres, None where it did not say."""

    point: Point
    accuracy: float | None = None


@dataclass(frozen=True)
class VisitMap:
    """What is drawn. `track` holds the fixes of a live location by pieces: between two pieces nothing came in.

    `words` are in the reader's language: `fence`, `check_in`, `check_out`, `track`, `gap` for the legend, `north`.
    """

    title: str
    subtitle: str
    words: Mapping[str, str]
    customer: Point | None = None
    radius: float = 0.0
    check_in: Spot | None = None
    check_out: Spot | None = None
    track: Sequence[Sequence[Spot]] = field(default_factory=tuple)


class NothingToDraw(ValueError):  # noqa: N818 - named as what it is
    """Neither the customer nor the rep has a place."""
