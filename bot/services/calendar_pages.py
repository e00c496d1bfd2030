"""`/calendar`: which days are worked, month by month; an admin corrects a day and confirms a year."""

from datetime import date, timedelta
from typing import Any

from bot.domain.audit import Area
from bot.domain.calendar import WorkingDays
from bot.domain.calendar_words import LONGEST_NAME, read_wanted, year_of
from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.corrections import Correction, Verdict
from bot.domain.people import Role
from bot.services import audit, calendars, dailies, due_dates, pages
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import calendar as stored
from storage import conversations
from storage.conversations import Place

FLOW_NAME = "calendar"
YEARS = range(1970, 2200)
_DAY = timedelta(days=1)


def command_calendar(turn: Turn, argument: str = "") -> None:
    """`/calendar`, `/calendar 2027-02`, `/calendar 2026-10-11 work`, `/calendar 2027-02-06 2027-02-12 off`."""
    turn.require(Role.ADMIN)
    if not argument.strip():
        _show_month(turn, _own_country(turn), turn.today)
        return
    wanted = read_wanted(argument, turn.now.astimezone(turn.zone))
    country = _one_of_ours(turn, wanted.country) if wanted.country is not None else _own_country(turn)
    if wanted.verdict is not None:
        _say_of(turn, country, (wanted.first_on, wanted.last_on), wanted.verdict, wanted.called)
    if wanted.verdict is not None or wanted.first_on != wanted.last_on or wanted.first_on.day == 1:
        _show_month(turn, country, wanted.first_on)
    else:
        _show_day(turn, country, wanted.first_on)


def list_countries(turn: Turn) -> list[str]:
    """Where our people work, by the code of the country."""
    return sorted({calendars.country_of(zone) or calendars.NOWHERE for zone in stored.list_zones(turn.connection)})


def list_unconfirmed(turn: Turn, ahead: timedelta) -> list[dict[str, Any]]:
    """Whose calendar of this year, or of the year in which `ahead` from now falls, nobody has confirmed."""
    years = sorted({turn.today.year, (turn.today + ahead).year})
    return [
        {"country": country, "year": year}
        for country in list_countries(turn)
        for year in years
        if not _calendar(turn, country, date(year, 1, 1)).is_confirmed(date(year, 1, 1))
    ]


def _own_country(turn: Turn) -> str:
    return calendars.country_of(turn.zone.key) or calendars.NOWHERE


def _one_of_ours(turn: Turn, country: str) -> str:
    ours = list_countries(turn)
    if country not in ours:
        raise Refusal("calendar/no_country", country=country, countries=ours)
    return country


def _calendar(turn: Turn, country: str, on: date) -> WorkingDays:
    return turn.corrections.applied(country, calendars.official_of(turn.policy, country, on))


# --- changed ----------------------------------------------------------------------------------


def _say_of(turn: Turn, country: str, days: tuple[date, date], verdict: Verdict, called: str = "") -> None:
    """Keep what an admin says of some days; it holds at once for everybody who works in that country."""
    admin = turn.require(Role.ADMIN)
    stored.take_turns(turn.connection)
    before = stored.read(turn.connection)
    said = Correction(country, *days, verdict, called, admin.name, turn.now)
    if verdict in (Verdict.CONFIRMED, Verdict.OPEN):
        is_same = (days[0].year in before.years(country)) is (verdict is Verdict.CONFIRMED)
    else:
        is_same = all(_is_said(before.days(country).get(on), said) for on in said.days())
    if is_same:
        return  # tapped twice, or two admins at once
    stored.record(turn.connection, country, days, verdict, called=called, by=admin.id, at=turn.now)
    turn.corrections = stored.read(turn.connection)
    _note(turn, said, before.days(country).get(days[0]) if days[0] == days[1] else None)
    if verdict in (Verdict.CONFIRMED, Verdict.OPEN):
        return
    dailies.plan_all(turn)
    turn.work(due_dates.JOB, 0)


def _is_said(last: Correction | None, said: Correction) -> bool:
    if last is None:
        return said.verdict is Verdict.OFFICIAL
    return (last.verdict, last.called) == (said.verdict, said.called)


def _note(turn: Turn, said: Correction, last: Correction | None) -> None:
    subject = f"calendar:{said.country}"
    if said.verdict in (Verdict.CONFIRMED, Verdict.OPEN):
        what = "year_confirmed" if said.verdict is Verdict.CONFIRMED else "year_reopened"
        audit.note(turn, Area.CALENDAR, what, subject, new={"year": said.first_on.year})
        return
    first_on, last_on = said.first_on.isoformat(), said.last_on.isoformat()
    days = {"on": first_on} if first_on == last_on else {"first_on": first_on, "last_on": last_on}
    new = {**days, "counts": said.verdict.value, **({"called": said.called} if said.called else {})}
    old = {"counts": last.verdict.value} if last is not None else None
    audit.note(turn, Area.CALENDAR, "corrected", subject, old, new)


# --- shown ------------------------------------------------------------------------------------


def _show_month(turn: Turn, country: str, on: date) -> None:
    first = on.replace(day=1)
    days = [first + n * _DAY for n in range(31) if (first + n * _DAY).month == first.month]
    told = [_day_json(turn, country, day) for day in days]
    confirmed = turn.corrections.years(country).get(first.year)
    pages.show(
        turn,
        "calendar/month",
        country=country,
        others=[each for each in list_countries(turn) if each != country],
        month=first.isoformat(),
        blanks=first.weekday(),
        days=told,
        runs=_runs(told),
        year=first.year,
        is_known=calendars.is_known(country),
        is_confirmed=_calendar(turn, country, first).is_confirmed(first),
        confirmed_by=confirmed.by if confirmed is not None else None,
    )


def _day_json(turn: Turn, country: str, on: date) -> dict[str, Any]:
    """A day as the messages tell it; `official` is whether it is worked without our word on it."""
    official = calendars.official_of(turn.policy, country, on)
    said = turn.corrections.days(country).get(on)
    worked = _calendar(turn, country, on).is_working_day(on)
    holiday = calendars.official_names(country, on.year, turn.person.language).get(on, "")
    instead, holiday = (holiday, "") if holiday[:1].isdecimal() else (None, holiday)
    is_plain = said is None and on not in official.make_up and (not (holiday or instead) or worked)
    return {
        "on": on.isoformat(),
        "number": on.day,
        "worked": worked,
        "official": official.is_working_day(on),
        "called": said.called if said is not None and said.called else holiday,
        "instead": instead if not worked and said is None else None,
        "by": said.by if said is not None else None,
        "at": said.at.isoformat() if said is not None else None,
        "plain": is_plain,
    }


def _runs(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is special about the month, days alike that follow each other in one line."""
    runs: list[dict[str, Any]] = []
    yesterday = 0
    for day in days:
        if day["plain"]:
            continue
        alike = {key: day[key] for key in ("worked", "called", "instead", "by")}
        if runs and yesterday == day["number"] - 1 and all(runs[-1][key] == alike[key] for key in alike):
            runs[-1]["last_on"] = day["on"]
        else:
            runs.append({**alike, "first_on": day["on"], "last_on": day["on"]})
        yesterday = day["number"]
    return runs


def _show_day(turn: Turn, country: str, on: date) -> None:
    pages.show(turn, "calendar/day", country=country, **_day_json(turn, country, on))


# --- what is tapped and typed -----------------------------------------------------------------


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """Another month, a day, what shall hold of it, or a word on the year."""
    turn.require(Role.ADMIN)
    if place is not None:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    verb, country, on = _read(turn, press.choice)
    match verb:
        case "month":
            _show_month(turn, country, on)
        case "day":
            _show_day(turn, country, on)
        case "work" | "off" | "official":
            _say_of(turn, country, (on, on), Verdict(verb))
            _show_day(turn, country, on)
        case "confirmed" | "open":
            _say_of(turn, country, year_of(on), Verdict(verb))
            _show_month(turn, country, on)
        case "called":
            state = {"country": country, "on": on.isoformat()}
            ask(turn, conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, state=state))
        case _:
            raise Refusal("conversation/changed")


def _read(turn: Turn, choice: str) -> tuple[str, str, date]:
    verb, _, rest = choice.partition(":")
    country, _, day = rest.partition(":")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Refusal("conversation/changed") from None
    if country not in list_countries(turn) or on.year not in YEARS:
        raise Refusal("conversation/changed")
    return verb, country, on


def given(turn: Turn, place: Place, what: Input) -> None:
    """What the day off is for."""
    turn.require(Role.ADMIN)
    if not isinstance(what, Said):
        raise Refusal("calendar/call_it")
    country, on = place.state["country"], date.fromisoformat(place.state["on"])
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    _say_of(turn, country, (on, on), Verdict.OFF, " ".join(what.text.split())[:LONGEST_NAME])
    _show_day(turn, country, on)


def ask(turn: Turn, place: Place) -> None:
    """The name, of a day that is off; who is no admin any more is asked nothing."""
    if Role.ADMIN not in turn.person.roles:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        return
    turn.ask(place, "calendar/called", on=place.state["on"])


def cancel(turn: Turn, place: Place) -> bool:
    """It keeps the name that it has."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("calendar/left")
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
