"""From the phrases of a text to the one answer: a day, a question, or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain.when.folding import without
from bot.domain.when.meanings import DayOfMonth, Month
from bot.domain.when.named import Named
from bot.domain.when.phrases import Phrase, are_alternatives, spans_of
from bot.domain.when.pieces import Frame
from bot.domain.when.reading import Ambiguous, Doubt, NotFound, Past, Reading, Understood, Vague
from bot.domain.when.senses import Sense, When, half_and_clocks, hour_of_today, on_days, sense_of

# More choices than these are a list, not a question.
_MOST_OPTIONS = 4
# Doubts that no day elsewhere in the text can settle.
_SETTLED_BY_NOTHING = {Doubt.RECURRING, Doubt.OTHER_ZONE}


class _Answer:
    """Ties days to their place in the text."""

    def __init__(self, text: str, folded: str, phrases: Sequence[Phrase]) -> None:
        spans = spans_of(folded, phrases)
        self.span = spans[0]
        self.rest = without(text, folded, spans)

    def understood(self, when: When) -> Understood:
        return Understood(when.on, when.at, when.part, self.span, self.rest, when.exact)

    def past(self, when: When, again: When | None) -> Past:
        return Past(when.on, when.at, self.span, self.rest, self.understood(again) if again else None)

    def asked(self, whens: Sequence[When], doubt: Doubt) -> Ambiguous | Vague:
        if len(whens) > _MOST_OPTIONS:
            return Vague(doubt, self.span, self.rest)
        return Ambiguous(tuple(self.understood(when) for when in whens), doubt)

    def vague(self, named: Named) -> Vague:
        offers = tuple(self.understood(When(day)) for day in named.offers)
        return Vague(named.doubt or Doubt.SOME_DAY, self.span, self.rest, offers)


def decide(text: str, folded: str, phrases: Sequence[Phrase], frame: Frame) -> Reading:
    """The reading of a text whose phrases were found, from left to right."""
    senses = [sense_of(phrase, frame) for phrase in phrases if not phrase.is_nothing_alone]
    for sense in senses:
        if sense.doubt in _SETTLED_BY_NOTHING:
            return _Answer(text, folded, [sense.phrase]).vague(sense.named)
    dated = [sense for sense in senses if sense.whens]
    if len(dated) > 1:
        dated = [sense for sense in dated if not sense.is_now]
    hours = [sense for sense in senses if sense.is_hour_only and not sense.doubt]
    undated = [sense for sense in senses if not sense.whens and sense.doubt]
    gone = [sense.phrase for sense in senses if sense.named.gone]
    if not dated and undated:
        return _Answer(text, folded, [undated[0].phrase]).vague(undated[0].named)
    if not dated and gone:
        answer = _Answer(text, folded, gone)
        return Past(span=answer.span, rest=answer.rest)
    if not dated and hours:
        dated, hours = [hour_of_today(hours[0], frame)], hours[1:]
    return _dated(text, folded, dated, hours, undated, frame) if dated else NotFound()


def _dated(
    text: str, folded: str, dated: list[Sense], hours: list[Sense], undated: list[Sense], frame: Frame
) -> Reading:
    dated = _taken_together(folded, dated, frame)
    ahead = [sense for sense in dated if not all(when.is_past(frame.now) for when in sense.whens)]
    phrases = sorted([sense.phrase for sense in [*(ahead or dated[:1]), *hours]], key=lambda phrase: phrase.start)
    main = ahead or dated[:1]
    if hours:
        main = [_with_hours(sense, hours, frame) for sense in main]
        still = [sense for sense in main if not all(when.is_past(frame.now) for when in sense.whens)]
        main, ahead = (still, still) if still else (main[:1], [])
    answer = _Answer(text, folded, phrases)
    if not ahead:
        return answer.past(main[0].whens[0], main[0].again)
    return _chosen(answer, main, undated, frame)


def _taken_together(folded: str, dated: list[Sense], frame: Frame) -> list[Sense]:
    """周一到周三, said on a Wednesday: beside a day to come, the Monday is the one to come as well."""
    together = list(dated)
    for index, (one, other) in enumerate(pairwise(dated)):
        if are_alternatives(folded, one.phrase, other.phrase):
            for place, sense in ((index, one), (index + 1, other)):
                if sense.again and all(when.is_past(frame.now) for when in sense.whens):
                    together[place] = replace(sense, whens=(sense.again,), again=None)
    return together


def _chosen(answer: _Answer, ahead: list[Sense], undated: list[Sense], frame: Frame) -> Reading:
    """One reading if the phrases agree, a question if they do not."""
    whens = _merged([when for sense in ahead for when in sense.whens])
    doubt = next((sense.doubt for sense in ahead if sense.doubt), None)
    if len(ahead) > 1 and len(whens) > 1:
        whens.sort(key=When.order)
        doubt = Doubt.RANGE if any(sense.phrase.ends_range for sense in ahead) else Doubt.SEVERAL
    elsewhere = _named_with_a_span_elsewhere(ahead[0], undated) if len(ahead) == 1 else None
    if elsewhere and elsewhere.on not in {when.on for when in whens}:
        whens, doubt = sorted([*whens, elsewhere], key=When.order), Doubt.WHICH_WEEK
    if len(whens) == 1:
        return answer.understood(whens[0])
    return answer.asked(whens, doubt or Doubt.SEVERAL)


def _merged(whens: list[When]) -> list[When]:
    """Each day and hour once; a day that is named again with its hour is not two days."""
    unique = dict.fromkeys(whens)
    timed = {when.on for when in unique if when.at}
    kept = [when for when in unique if when.at or when.on not in timed]
    parts = {when.on for when in kept if when.part}
    return [when for when in kept if when.at or when.part or when.on not in parts]


def _named_with_a_span_elsewhere(sense: Sense, undated: list[Sense]) -> When | None:
    """The other day of "next week we visit them, on Friday": whether that Friday is next week's has to be asked."""
    when = sense.whens[0]
    for other in undated:
        if sense.is_weekday_only:
            same = next((day for day in other.named.offers if day.weekday() == when.on.weekday()), None)
            if same:
                return replace(when, on=same)
        months = [month.first_on for month in other.phrase.every(Month)]
        if months and sense.phrase.every(DayOfMonth) and when.on.day <= 28:
            return replace(when, on=months[0].replace(day=when.on.day))
    return None


def _with_hours(sense: Sense, hours: list[Sense], frame: Frame) -> Sense:
    """The hours that stand apart from the day: the one of a day without, or further ones to choose from."""
    half, clocks = half_and_clocks(sense)
    more = [clock for hour in hours for clock in half_and_clocks(hour)[1]]
    half = half or next((found for hour in hours if (found := half_and_clocks(hour)[0])), None)
    if not sense.named.days:
        return sense
    return on_days(sense.phrase, sense.named, [*clocks, *more], half, frame)
