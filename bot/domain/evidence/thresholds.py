"""The numbers by which the rules tell a stream from a real phone's; docs/evidence.md shows what they were chosen by."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Metres, counts and shares; what an admin may tune is a policy instead."""

    # A phone on a table rests for a while within a longer stay: a rule speaks of most of a stream or not at all.
    most_of_it: float = 0.8

    # One point. A fix as sure as `satellite` is measured from the sky, and never twice the same for long; indoors a
    # phone rests on what its networks say (20 m and worse). Without an accuracy there is the point alone, and phones
    # repeat that for an hour.
    constant_fixes: int = 6
    satellite: float = 15.0
    satellite_rests: timedelta = timedelta(minutes=5)
    point_rests: timedelta = timedelta(minutes=90)

    # Chance. Of independent draws the mean squared step is twice the variance; what drifts or rests has steps far
    # shorter. The outermost draw lies within a few times the median radius; a real phone's stray fix lies beyond.
    jitter_fixes: int = 15
    jump: float = 150.0
    white: float = 1.3
    nearly_all_new: float = 0.8
    outermost: float = 4.0

    # A ruler's line. How far fixes may miss it (root of the mean square), and how many seconds they may be misdated.
    line_fixes: int = 10
    line_metres: float = 150.0
    line_lasts: timedelta = timedelta(minutes=8)
    off_line: float = 9.0
    misdated: float = 0.3

    # A leap. A phone that is back half the way or more by then has only bounced.
    bounces_within: timedelta = timedelta(minutes=3)

    # Two streams that are one. Two phones in one shop are given the same two or three places by its Wi-Fi, even on
    # different days; nobody is given the same steps throughout.
    shared_steps: int = 4
    shared_part: float = 0.15


CHOSEN = Thresholds()
