"""English days counted from today or from another day, and spans: "in two weeks", "next month", "end of May"."""

import re
from datetime import timedelta

from bot.domain.when.amounts import and_a_half, sum_of
from bot.domain.when.days import first_of_month, month_end, quarter_end
from bot.domain.when.english.words import AMOUNT, STEPS, UNIT, unit_of, word
from bot.domain.when.meanings import (
    Ahead,
    Anchor,
    Bound,
    Dates,
    DayEnd,
    EndOfWeek,
    Gone,
    Half,
    Loose,
    Month,
    PartOfDay,
    Unit,
    Week,
    Weekend,
    Year,
)
from bot.domain.when.numbers import english_number
from bot.domain.when.pieces import Found, Frame, Read, Rule
from bot.domain.when.reading import Doubt

_PARTS = {"morning": Half.MORNING, "afternoon": Half.AFTERNOON, "evening": Half.EVENING, "night": Half.EVENING}
_QUANTITY = rf"(?P<amount>{AMOUNT}|half an?)(?P<half> and a half)? ?(?P<unit>{UNIT})(?:'s?)?(?P<half2> and a half)?"
_STEP = r"(?:this|the|current|next|coming|following|last|previous|past)"
_NAMED_DAYS = {"today": 0, "day after tomorrow": 2, "day before yesterday": -2, "yesterday": -1}


def _ahead(match: Found, frame: Frame, sign: int = 1, anchor: Anchor = Anchor.NOW) -> Read:
    unit, times = unit_of(match["unit"])
    written = match["amount"] or "a"
    is_half = written.startswith("half ") or written.endswith(".5")
    amount = 0 if written.startswith("half ") else english_number(written.removesuffix(".5"))
    if amount is None:
        return None
    if not (is_half or match["half"] or match["half2"]):
        return Ahead(sign * amount * times, unit, anchor)
    return and_a_half(amount, unit, sign, anchor)


def _ahead_in_two_parts(match: Found, frame: Frame) -> Read:
    """ "in 1 hour and 20 minutes"; what only lasts so long has neither "in" nor "later"."""
    tail = (match["tail"] or "").strip()
    if not match["lead"] and not tail:
        return None
    one, other = english_number(match["one"]), english_number(match["other"])
    unit, times = unit_of(match["unit"])
    other_unit, other_times = unit_of(match["other_unit"])
    if one is None or other is None or tail in {"after", "before", "from"}:
        return Loose(Doubt.SOME_DAY)
    return sum_of(one * times, unit, other * other_times, other_unit, sign=-1 if tail in {"ago", "earlier"} else 1)


def _ago(match: Found, frame: Frame) -> Read:
    return _ahead(match, frame, sign=-1)


def _from_another_day(match: Found, frame: Frame) -> Read:
    return _ahead(match, frame, sign=-1 if match["way"].startswith(("before", "prior")) else 1, anchor=Anchor.FOLLOWING)


def _named_day(match: Found, frame: Frame) -> Read:
    name = re.sub("^the ", "", match["name"])
    return Dates.of(frame.today + timedelta(days=_NAMED_DAYS.get(name, 1)))


def _part_of_today(match: Found, frame: Frame) -> Read:
    if match[0] == "last night":
        return Dates.of(frame.today - timedelta(days=1)), PartOfDay(Half.EVENING)
    return Dates.of(frame.today), PartOfDay(_PARTS[match["part"] or "night"])


def _span(match: Found, frame: Frame) -> Read:
    ahead = sum(STEPS[step] for step in match["step"].split()) + 2 * ("after" in match.groupdict())
    match match["span"]:
        case "week":
            return Week(ahead)
        case "weekend":
            return Weekend(ahead)
        case "month":
            return Month(first_of_month(frame.today, ahead))
        case "year":
            return Year(frame.today.year + ahead)
        case _:
            return Gone() if ahead < 0 else Loose(Doubt.SPAN)


def _end_of(match: Found, frame: Frame) -> Read:
    ahead = STEPS[match["step"] or "the"]
    match match["span"]:
        case "week":
            return EndOfWeek(ahead)
        case "month":
            return Dates.of(month_end(first_of_month(frame.today, ahead)), closing=True)
        case "quarter":
            return Dates.of(quarter_end(frame.today, ahead), closing=True)
        case _:
            return Dates(((frame.today.year + ahead, 12, 31),), closing=True)


def _end_in_short(match: Found, frame: Frame) -> Read:
    match match[0]:
        case "eow":
            return EndOfWeek(0)
        case "eoy" | "year end" | "year-end":
            return Dates(((None, 12, 31),), closing=True)
        case _:
            return Dates.of(month_end(frame.today), closing=True)


def _some_day_of_a_span(match: Found, frame: Frame) -> Read:
    return Loose(Doubt.SPAN)


def _quarter(match: Found, frame: Frame) -> Read:
    closing = frame.today.replace(month=3 * int(match["quarter"]), day=1)
    if match["end"]:
        return Dates.of(month_end(closing), closing=True)
    return Loose(Doubt.SPAN)


RELATIVE: tuple[Rule, ...] = (
    (
        word(
            # "at the end of the day" is a manner of speaking.
            r"(?:by (?:the )?end of (?:the )?|end of (?=business|work|day (?:on |to|mon|tue|wed|thu|fri))"
            r"|(?<=\x00 )end of (?:the )?)(?:(?:business|working|work)(?: day)?|day)(?! after)(?![a-z])"
            r"|close of (?:business|play)(?![a-z])|eod(?![a-z])|cob(?![a-z])"
        ),
        lambda match, frame: DayEnd(),
    ),
    (
        word(
            r"(?P<name>(?:the )?day after tomorrow|(?:the )?day before yesterday|(?:yesterday|today)(?!'s)"
            r"|tomm?orr?ow|tmrw?(?![a-z]))"
        ),
        _named_day,
    ),
    (word(r"(?P<name>the (?:day after|next day|following day)(?= ?(?:$|[,.;!?])))"), _named_day),
    (word(r"this (?P<part>morning|afternoon|evening)|to-?night|last night"), _part_of_today),
    (
        word(
            r"(?P<end>(?:the )?end of (?:the )?)?(?:(?:in|by|during|next|this) )?q(?P<quarter>[1-4])"
            r"(?= ?(?:$|[,.;!?]))"
        ),
        _quarter,
    ),
    (word(rf"(?:the )?(?:end|last day) of (?:(?P<step>{_STEP}) )?(?P<span>week|month|quarter|year)(?![a-z])"), _end_of),
    (word(r"eow(?![a-z])|eoy(?![a-z])|eom(?![a-z])|(?:month|year)[ -]end(?![a-z])"), _end_in_short),
    (word(r"(?P<step>this|the) (?P<span>weekend|week|month|quarter|year)(?P<after> after next)(?![a-z])"), _span),
    (
        word(
            r"(?:early|mid|late|(?:the )?(?:beginning|start|first half|first week|week) of)[ -]"
            r"(?:the |this |next )?(?:week|month|year|quarter|q[1-4])(?![a-z])"
        ),
        _some_day_of_a_span,
    ),
    (word(r"later (?:this|next) (?:week|month|year)"), _some_day_of_a_span),
    (
        word(
            r"(?P<step>(?:the )?(?:this|current|next|coming|following|last|previous|past)(?: next)?|the(?= weekend))"
            r" (?P<span>weekend|week|month|quarter|year|season)(?![a-z'])"
        ),
        _span,
    ),
)
_TWO_PARTS = (
    rf"(?P<lead>(?:in|within|after) )?(?P<one>{AMOUNT}) ?(?P<unit>{UNIT}),? (?:and )?(?P<other>{AMOUNT}) "
    rf"?(?P<other_unit>{UNIT})(?P<tail> (?:from now|later|hence|ago|earlier|before|after|from)(?![a-z]))?"
)
_SOME = r"(?:(?:a )?(?:few|couple(?: of)?|number of)|several|some|many)"
AFTER_DAYS: tuple[Rule, ...] = (
    (word(_TWO_PARTS), _ahead_in_two_parts),
    (word(r"(?:the )?(?:week|month) (?:of|commencing|starting|beginning|ending)(?= \x00)"), _some_day_of_a_span),
    (
        word(
            rf"(?:in |within |after |for )?(?:the next |about )?{_SOME} (?:more )?{UNIT}(?:'s?)?"
            r"(?: time| later| from now)?"
        ),
        lambda match, frame: Loose(Doubt.SOME_DAY, weak=not match[0].startswith(("in", "within"))),
    ),
    (
        word(rf"(?:in |within )?{AMOUNT} ?(?:-|to|or) ?{AMOUNT} {UNIT}(?: time| later| from now)?"),
        lambda match, frame: Loose(Doubt.SOME_DAY, weak=True),
    ),
    (
        word(rf"{_QUANTITY} (?P<way>after|from|before|following|prior to|on)(?: on)?(?: the)?(?= \x00)(?! \x00+ ?ago)"),
        _from_another_day,
    ),
    (
        word(rf"(?P<amount>{AMOUNT})(?P<half>)(?P<half2>) (?P<unit>weeks?|fortnight)(?P<way>)(?= \x00)"),
        _from_another_day,
    ),
    (
        word(
            r"(?:the )?(?P<amount>)(?P<half>)(?P<half2>)(?P<unit>day|week|fortnight|month) "
            r"(?P<way>after|from|before|following|on)(?: the)?(?= \x00)"
        ),
        _from_another_day,
    ),
    (
        word(
            rf"(?:(?:in|within)(?: the next| about| around| under| less than)?|after) {_QUANTITY}"
            r"(?: time)?(?! (?:of|ago)(?![a-z]))"
        ),
        _ahead,
    ),
    (word(rf"{_QUANTITY} (?:from now|later(?: on)?|hence|from then|after now)(?![a-z])"), _ahead),
    (word(rf"{_QUANTITY} (?:ago|before(?= ?(?:$|[,.;!?]))|earlier|back)(?![a-z])"), _ago),
    (word(r"(?:the )?next (?:working|business|work) ?day"), lambda match, frame: Ahead(1, Unit.WORKING_DAY)),
    (
        word(r"since(?= \x00)|(?:days|weeks|months|years|fortnights)(?: of)?(?= \x00)"),
        _some_day_of_a_span,
    ),
    (word(r"(?P<way>before|after)(?: the)?(?= \x00)"), lambda match, frame: Bound(after=match["way"] == "after")),
    (
        word(
            r"(?:some ?day|some ?time|soon|asap|a\.s\.a\.p\.?|as soon as possible|later|one day|the other day|shortly"
            r"|in due course|at some point)(?![a-z])"
        ),
        lambda match, frame: Loose(Doubt.SOME_DAY, weak=True),
    ),
    (word(r"(?:recently|just now|earlier|lately)(?![a-z])"), lambda match, frame: Gone()),
)
