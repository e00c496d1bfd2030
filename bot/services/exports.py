"""`/export`: what somebody takes out of Rounds as a file, for which days and in which form."""

from datetime import date
from typing import Any

from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.export import FORMS, OF_DAYS, Days, Form, Order, What, offered, read_days, read_order, usual_days
from bot.domain.people import Person, Role
from bot.services import pages
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations
from storage import export_orders as stored
from storage.conversations import Place

FLOW_NAME = JOB = "export"
ALL = "all"  # in a button: no days, everything there is


def command_export(turn: Turn, argument: str = "") -> None:
    """`/export`, or at once `/export visits 2026-11-01 2026-11-30 csv`; what is not said is asked."""
    person = turn.require(Role.ADMIN, Role.MANAGER)
    what, form, days = read_order(argument)
    if what is None:
        everybody = Role.ADMIN in person.roles
        pages.show(turn, "export/what", offered=[each.value for each in offered(person)], everybody=everybody)
    elif what in OF_DAYS and days is None:
        _ask_days(turn, person, what)
    elif form is None or form not in FORMS[what]:
        _ask_form(turn, person, what, days)
    else:
        _order(turn, person, Order(what, form, days if what in OF_DAYS else None))


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """What, which days, which form."""
    person = turn.require(Role.ADMIN, Role.MANAGER)
    if place is not None:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    try:
        _choose(turn, person, *press.choice.split("-", 3))
    except (ValueError, TypeError):  # a button of another version
        raise Refusal("conversation/changed") from None


def _choose(turn: Turn, person: Person, verb: str, *rest: str) -> None:
    match verb, rest:
        case "start", ():
            command_export(turn)
        case "what", (what,):
            (_ask_days if What(what) in OF_DAYS else _ask_form)(turn, person, What(what))
        case "days", (what,):
            _may(person, What(what))
            state = {"what": What(what).value}
            ask(turn, conversations.begin(turn.connection, person.id, FLOW_NAME, turn.now, state=state))
        case "form", (what, span):
            _ask_form(turn, person, What(what), _days_of(span))
        case "get", (what, form, span):
            _order(turn, person, Order(What(what), Form(form), _days_of(span)))
        case _:
            raise Refusal("conversation/changed")


def _may(person: Person, what: What) -> None:
    if what not in offered(person):
        raise Refusal("people/not_allowed", roles=[Role.ADMIN.value])


def _ask_days(turn: Turn, person: Person, what: What) -> None:
    _may(person, what)
    usual = [{"name": name, "span": _span_of(days), **_json(days)} for name, days in usual_days(turn.today).items()]
    pages.show(turn, "export/days", what=what.value, usual=usual, everything=what is not What.PHOTOS)


def _ask_form(turn: Turn, person: Person, what: What, days: Days | None = None) -> None:
    _may(person, what)
    forms = [form.value for form in FORMS[what]]
    facts = {"forms": forms, "span": _span_of(days), "of_days": what in OF_DAYS, **_json(days)}
    pages.show(turn, "export/form", what=what.value, **facts)


def _order(turn: Turn, person: Person, order: Order) -> None:
    """Have it made by a job, which asks for the permission once more; tapped twice, it comes once."""
    _may(person, order.what)
    if order.form not in FORMS[order.what]:
        raise Refusal("conversation/changed")
    assert turn.origin is not None
    number = turn.origin.inbox_seq  # each update asks for one file at most
    if stored.add(turn.connection, number, person.id, order.as_json(), turn.now):
        turn.work(JOB, number)
    pages.show(turn, "export/making", what=order.what.value, form=order.form.value, **_json(order.days))


def given(turn: Turn, place: Place, what: Input) -> None:
    """The days, typed."""
    person = turn.require(Role.ADMIN, Role.MANAGER)
    if not isinstance(what, Said):
        raise Refusal("export/no_days", typed="")
    days = read_days(what.text)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    _ask_form(turn, person, What(place.state["what"]), days)


def ask(turn: Turn, place: Place) -> None:
    """From which day to which; who may not any more is asked nothing."""
    if What(place.state["what"]) not in offered(turn.person):
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        return
    turn.ask(place, "export/which_days", **_json(usual_days(turn.today)["last_month"]))


def cancel(turn: Turn, place: Place) -> bool:
    """Take nothing out."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("export/dropped")
    return True


def _span_of(days: Days | None) -> str:
    """As a button carries it, without the hyphens that part its words."""
    return f"{days.first_on:%Y%m%d}.{days.last_on:%Y%m%d}" if days is not None else ALL


def _days_of(span: str) -> Days | None:
    if span == ALL:
        return None
    first, last = span.split(".")
    return Days(date.fromisoformat(first), date.fromisoformat(last))


def _json(days: Days | None) -> dict[str, Any]:
    first, last = (days.first_on.isoformat(), days.last_on.isoformat()) if days is not None else (None, None)
    return {"first_on": first, "last_on": last}


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
