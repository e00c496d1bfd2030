"""To which day a promise may be moved: days worth a tap, and the day that typed words mean."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.calendar import WorkingDays
from bot.domain.conversation import Refusal
from bot.domain.when import Ambiguous, Past, Understood, Vague, read_when

OPTIONS_MOST = 4


@dataclass(frozen=True)
class Day:
    """A local date, and a time where one was said."""

    on: date
    at: time | None = None


def days_to_offer(today: date, calendar: WorkingDays) -> list[date]:
    """Tomorrow, the day after, next Monday, in one week and in two: each once, and none on a day off."""
    monday = today + timedelta(days=7 - today.weekday())
    wanted = [today + timedelta(days=1), today + timedelta(days=2), monday]
    wanted += [today + timedelta(weeks=1), today + timedelta(weeks=2)]
    return sorted({calendar.next_working_day(day) for day in wanted})


def read_days(text: str, local_now: datetime, calendar: WorkingDays) -> tuple[list[Day], str]:
    """The days that the words may mean, one when they are clear, and what else they say.

    Refuses words without a day, and a day that is over.
    """
    rest = ""
    match read_when(text, local_now, is_working_day=calendar.is_working_day):
        case Understood() as understood:
            found, rest = [understood], understood.rest
        case Ambiguous(options=options) | Vague(options=options) if options:
            found = list(options)
        case Past(again=Understood() as again):
            found = [again]
        case Past():
            raise Refusal("followup/in_the_past")
        case _:
            raise Refusal("followup/no_day")
    days = [Day(one.due_on, one.at) for one in found if one.due_on >= local_now.date()]
    if not days:
        raise Refusal("followup/in_the_past")
    return list(dict.fromkeys(days))[:OPTIONS_MOST], rest
