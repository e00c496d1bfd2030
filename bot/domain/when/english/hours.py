"""English hours: "3pm", "at 2.30", "half past three", "at seven twenty-seven", "noon", "tonight 8"."""

import re

from bot.domain.when.english.words import word
from bot.domain.when.figures import STOP
from bot.domain.when.meanings import BareNumber, Clock, Half, Loose, Moment, PartOfDay
from bot.domain.when.numbers import CARDINAL, english_number
from bot.domain.when.pieces import Found, Frame, Read, Rule
from bot.domain.when.reading import Doubt

_HALF = {"a": Half.AM, "p": Half.PM, "": None}
_PARTS = {"morning": Half.MORNING, "afternoon": Half.AFTERNOON, "evening": Half.EVENING, "night": Half.EVENING}
_AM_PM = r"(?P<half>[ap])\.? ?m(?![a-z])\.?"
_MINUTES = r"(?P<minute>[0-5]\d)"
_TO = r" ?(?:-|~|to|until|till) ?"
_HOUR_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_MINUTE_WORDS = r"(?:oh (?:one|two|three|four|five|six|seven|eight|nine)|" + CARDINAL + ")"
_ROUGHLY = r"(?P<rough>around |about |approximately |roughly |circa |~ ?)"


def _clock(match: Found, frame: Frame) -> Read:
    groups = match.groupdict()
    hour = english_number(groups["hour"])
    minute = english_number((groups.get("minute") or "0").replace("oh ", "")) or 0
    half = _HALF[groups.get("half") or ""]
    if hour is None or hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    literal = groups["hour"].startswith("0")
    return Clock(hour, minute, half, literal=literal, rough=bool(groups.get("rough") or groups.get("ish")))


def _range_before_half(match: Found, frame: Frame) -> Read:
    """A range: "2-3pm" begins at 14:00, "11-1pm" at 11:00."""
    start, end = int(match["hour"]), int(match["end"])
    if not (1 <= start <= 12 and 1 <= end <= 12):
        return None
    half = _HALF[match["half"]]
    if half is Half.PM and start % 12 > end % 12:
        half = Half.AM
    return Clock(start, int(match["minute"] or 0), half)


def _past_or_to(match: Found, frame: Frame) -> Read:
    minutes = {"half": 30, "quarter": 15}.get(match["amount"]) or english_number(match["amount"])
    hour = english_number(match["hour"])
    if minutes is None or hour is None or not 1 <= hour <= 12 or minutes > 59:
        return None
    half = _HALF[match["half"] or ""]
    if match["way"] == "past":
        return Clock(hour, minutes, half)
    if half and hour in {12, 1}:  # "a quarter to twelve pm" is said of both sides of noon
        return Loose(Doubt.AM_OR_PM)
    return Clock((hour - 2) % 12 + 1, 60 - minutes, half)


def _part(match: Found, frame: Frame) -> Read:
    return PartOfDay(_PARTS[match["part"]])


def _now(match: Found, frame: Frame) -> Read:
    return Moment(frame.now.replace(second=0, microsecond=0))


# A range of bare figures is one of hours only beside a day: "tomorrow 10-12", "between 2 and 4 on Friday".
_BARE_RANGE = rf"(?:from |between )?(?P<hour>\d{{1,2}})(?:[:.]{_MINUTES})?(?:{_TO}| and )\d{{1,2}}(?:[:.][0-5]\d)?"
HOURS: tuple[Rule, ...] = (
    (word(rf"(?<![\d.:/-]){_BARE_RANGE}(?= ?,? ?(?:on )?\x00)"), _clock),
    (re.compile(rf"(?<=\x00)[ ,]{{1,2}}{_BARE_RANGE}(?![\d:.%/-])" + STOP), _clock),
    (word(r"by (?P<hour>\d{1,2})(?= \x00)"), _clock),
    (
        re.compile(
            rf"(?<![\da-z.:/-])(?P<hour>\d{{1,2}})(?:[:.]{_MINUTES})?{_TO}(?P<end>\d{{1,2}})(?:[:.][0-5]\d)? ?{_AM_PM}"
        ),
        _range_before_half,
    ),
    (
        re.compile(
            rf"{_ROUGHLY}?(?<![\da-z.:/-])(?P<hour>\d{{1,2}})(?:[:.h]{_MINUTES})? ?(?P<ish>ish )?{_AM_PM}"
            rf"(?:{_TO}\d{{1,2}}(?:[:.][0-5]\d)? ?[ap]\.? ?m(?![a-z])\.?)?"
        ),
        _clock,
    ),
    (re.compile(rf"(?<![\da-z.:/-])(?P<hour>\d{{1,2}})[:.]{_MINUTES}(?P<half>[ap])(?![a-z])"), _clock),
    (re.compile(r"(?<![\da-z.:/-])(?P<hour>[01]?\d|2[0-3])h(?P<minute>[0-5]\d)(?!\d)"), _clock),
    (word(rf"(?:at |@ ?|from ){_ROUGHLY}?(?P<hour>\d{{1,2}})[.]{_MINUTES}(?![\d%])"), _clock),
    (word(rf"(?:at |@ ?){_ROUGHLY}?(?P<hour>[01]\d|2[0-3]){_MINUTES}(?: ?h(?:ou)?rs)?" + STOP), _clock),
    (word(rf"(?P<hour>[01]\d|2[0-3]){_MINUTES} ?(?:h|hrs|hours)(?![a-z])"), _clock),
    (
        # Between figures, "10 to 12" is a range.
        word(
            rf"(?:a )?(?P<amount>half|quarter|\d{{1,2}}(?= min| past)|{CARDINAL})(?: min(?:ute)?s?)? "
            rf"(?P<way>past|to) (?P<hour>{_HOUR_WORD}|\d{{1,2}})(?:(?: ?{_AM_PM})|(?: o'?clock)|{STOP})"
        ),
        _past_or_to,
    ),
    (word(r"(?P<hour>\d{1,2}|" + _HOUR_WORD + r")(?= in the (?:morning|afternoon|evening))"), _clock),
    (word(rf"{_ROUGHLY}?(?P<hour>{_HOUR_WORD}|\d{{1,2}}) ?o ?'? ?clock"), _clock),
    (word(rf"{_ROUGHLY}?(?P<hour>{_HOUR_WORD})(?:[ -](?P<minute>{_MINUTE_WORDS}))? {_AM_PM}"), _clock),
    (
        word(rf"(?:at |@ ?){_ROUGHLY}?(?P<hour>{_HOUR_WORD})(?:[ -](?P<minute>{_MINUTE_WORDS}))?(?P<ish>ish)?" + STOP),
        _clock,
    ),
    (re.compile(rf"(?<=\x00)[ ,]{{1,2}}(?P<hour>{_HOUR_WORD})[ -](?P<minute>{_MINUTE_WORDS})" + STOP), _clock),
    (word(rf"(?:at |@ ?){_ROUGHLY}?(?P<hour>\d{{1,2}})(?P<ish>ish)?(?![\d%:/]|[.,]\d)" + STOP), _clock),
    (
        re.compile(rf"(?<=\x00) ?,? ?{_ROUGHLY}(?P<hour>\d{{1,2}}|{_HOUR_WORD})(?P<ish>ish)?(?![\d%:/]|[.,]\d)" + STOP),
        _clock,
    ),
    (re.compile(r"(?<=\x00)[ ,]{1,2}(?P<hour>\d{1,2})(?P<ish> ?ish)(?![a-z])"), _clock),
    (word(rf"{_ROUGHLY}(?P<hour>\d{{1,2}}|{_HOUR_WORD})(?P<ish> ?ish)?(?= (?:on )?\x00)"), _clock),
    (word(r"(?:at |by )?(?:12 )?(?:noon|midday)(?![a-z])"), lambda match, frame: Clock(12, literal=True)),
    (word(r"(?:at |by )?(?:12 )?midnight(?![a-z])"), lambda match, frame: Clock(12, half=Half.NIGHT)),
    (word(r"(?:in the )?(?:early |late |mid-?)?(?P<part>morning|afternoon|evening)(?![a-z])"), _part),
    (re.compile(r"(?<=\x00) (?:at )?(?P<part>night)(?![a-z])"), _part),
    (
        re.compile(r"(?<=\x00) ?(?:utc|gmt|[ecmp][sd]t|cet|cest|bst|jst|z)(?![a-z])(?:[+-]\d{1,2})?"),
        lambda match, frame: Loose(Doubt.OTHER_ZONE),
    ),
    (word(r"right now|at this time|(?<!just )now(?= ?(?:$|[.!?]))"), _now),
    (
        re.compile(r"(?<=\x00)[ ,]{1,2}(?:the )?(?P<number>\d{1,2})(?![\d:/]|[.,]\d|st|nd|rd|th)" + STOP),
        lambda match, frame: BareNumber(int(match["number"])),
    ),
)
