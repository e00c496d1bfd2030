"""What a phrase comes to: the days it names, each with the hours it names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.when.clock import Hour, hours_of, part_of
from bot.domain.when.meanings import Ahead, Anchor, BareNumber, Clock, DayEnd, Half, Moment, PartOfDay, Unit, Weekday
from bot.domain.when.named import Named
from bot.domain.when.naming import name_days
from bot.domain.when.phrases import Phrase
from bot.domain.when.pieces import Frame
from bot.domain.when.reading import Doubt, Part

_ONE_DAY = timedelta(days=1)
_PART_ENDS = {Part.MORNING: time(12), Part.AFTERNOON: time(18), Part.EVENING: time(23, 59)}


@dataclass(frozen=True, slots=True)
class When:
    """A day and what is said of the hour, before it is tied to a place in the text."""

    on: date
    at: time | None = None
    part: Part | None = None
    exact: bool = True

    def is_past(self, now: datetime) -> bool:
        if self.on != now.date():
            return self.on < now.date()
        ends = self.at or (_PART_ENDS[self.part] if self.part else None)
        return ends is not None and ends < now.time().replace(second=0, microsecond=0)

    def order(self) -> tuple[date, time]:
        return self.on, self.at or time.max


@dataclass(frozen=True, slots=True)
class Sense:
    """A phrase with every day and hour it may mean; `doubt` says what lies between them, or why there is none."""

    phrase: Phrase
    named: Named
    whens: tuple[When, ...] = ()
    doubt: Doubt | None = None
    again: When | None = None

    @property
    def is_hour_only(self) -> bool:
        return not self.whens and bool(self.phrase.every(Clock))

    @property
    def is_now(self) -> bool:
        """Whether it is "now", which beside any other day is a word like "well"."""
        return bool(self.phrase.every(Moment)) and not self.phrase.every(Ahead) and not self.named.days

    @property
    def is_weekday_only(self) -> bool:
        return bool(self.phrase.every(Weekday)) and len(self.whens) >= 1 and not self.named.counted_in


def sense_of(phrase: Phrase, frame: Frame) -> Sense:
    """What the phrase means by itself; an hour without a day waits for the day (`on_day`)."""
    named = name_days(phrase.means, frame)
    moment = _moment(phrase, frame)
    if moment and not named.days and not named.doubt:
        return Sense(phrase, named, (When(moment.date(), moment.time()),))
    if not named.days and not named.doubt and phrase.every(DayEnd):
        named = Named((frame.today,))
    return on_days(phrase, named, _clocks(phrase, named), _half(phrase), frame)


def on_days(phrase: Phrase, named: Named, clocks: Sequence[Clock], half: Half | None, frame: Frame) -> Sense:
    """Every named day at every hour; what is over is left out where something is still to come."""
    if not named.days:
        return Sense(phrase, named, doubt=named.doubt)
    whens: list[When] = []
    doubt = named.doubt
    for day in named.days:
        for clock in clocks:
            hours = hours_of(clock, half)
            doubt = doubt or hours.doubt
            whens += [_at(day, hour, hours.other, clock, frame) for hour in hours.options]
        if not clocks:
            whens.append(When(day, part=part_of(half)))
    if len(clocks) > 1:
        doubt = Doubt.SEVERAL
    if half is Half.NIGHT and not clocks:
        return Sense(phrase, Named(doubt=Doubt.MIDNIGHT), doubt=Doubt.MIDNIGHT)
    coming = [when for when in whens if not when.is_past(frame.now)] or whens[:1]
    if named.doubt is Doubt.DAY_OR_MONTH and not all(when.is_past(frame.now) for when in whens):
        coming = whens  # 5/12 with a year: that one of the two is over decides nothing
    unique = tuple(dict.fromkeys(coming))
    if named.doubt is not Doubt.DAY_OR_MONTH:  # whose order is the reader's own
        unique = tuple(sorted(unique, key=When.order))
    again = When(named.again, whens[0].at, whens[0].part, whens[0].exact) if named.again else None
    return Sense(phrase, named, unique, doubt if len(unique) > 1 else None, again)


def hour_of_today(hour: Sense, frame: Frame) -> Sense:
    """An hour without a day is today's; over, tomorrow's is offered; "at 9", said at ten, is tonight or tomorrow."""
    half, clocks = half_and_clocks(hour)
    today = on_days(hour.phrase, Named((frame.today,)), clocks, half, frame)
    tomorrow = on_days(hour.phrase, Named((frame.today + _ONE_DAY,)), clocks, half, frame)
    if not today.whens or today.whens[0].at == tomorrow.whens[0].at or today.doubt is Doubt.MIDNIGHT:
        return replace(today, again=tomorrow.whens[0] if tomorrow.whens else None)
    return replace(today, whens=(today.whens[0], tomorrow.whens[0]), doubt=Doubt.AM_OR_PM)


def half_and_clocks(sense: Sense) -> tuple[Half | None, list[Clock]]:
    return _half(sense.phrase), sense.phrase.every(Clock)


def _at(day: date, hour: Hour, other: Hour | None, clock: Clock, frame: Frame) -> When:
    when = When(day + hour.days_on * _ONE_DAY, hour.at, exact=not clock.rough)
    if other and when.is_past(frame.now) and day == frame.today:
        # "today at 9", said at ten: nine in the evening is all that is left.
        return When(day, other.at, exact=not clock.rough)
    return when


def _half(phrase: Phrase) -> Half | None:
    return next((part.half for part in phrase.every(PartOfDay)), None)


def _clocks(phrase: Phrase, named: Named) -> list[Clock]:
    clocks = phrase.every(Clock)
    half = _half(phrase)
    if not clocks and half is Half.NOON:
        return [Clock(12, literal=True)]
    if not clocks and named.doubt is not Doubt.DAY_OR_HOUR and not (phrase.every(Weekday) and not half):
        return [
            Clock(bare.number)
            for bare in phrase.every(BareNumber)[:1]
            if bare.number <= 24 and not bare.counts_something
        ]
    return list(dict.fromkeys(clocks))


def _moment(phrase: Phrase, frame: Frame) -> datetime | None:
    """The instant that is so many minutes or hours away, on the local clock, or now; to the minute."""
    for amount in phrase.every(Ahead):
        if amount.unit in {Unit.MINUTE, Unit.HOUR} and amount.anchor is Anchor.NOW:
            away = timedelta(minutes=amount.amount * (60 if amount.unit is Unit.HOUR else 1))
            moment = (frame.now.astimezone(UTC) + away).astimezone(frame.now.tzinfo)
            return moment.replace(second=0, microsecond=0)
    return next((moment.at for moment in phrase.every(Moment)), None)
