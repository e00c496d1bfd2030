"""`/people`: who takes part, found by name, pinyin or phone, and a page of each; a manager reads, an admin changes."""

from typing import Any

from bot.domain import teams as team_rules
from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.people import Person, Role
from bot.services import pages, people_changes
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, handovers, invites, people, roster
from storage import leave as leaves
from storage.conversations import Place
from storage.database import Row

FLOW_NAME = "people"
TYPED_MOST = 30  # bytes of a search that a button carries to the next page


def command_people(turn: Turn, argument: str) -> None:
    """`/people`: everybody, page by page; `/people wang` or `/people 0001` looks for some."""
    turn.require(Role.MANAGER, Role.ADMIN)
    if argument:
        _show_found(turn, argument, 0)
    else:
        _show_list(turn, 0, left=False)


# --- what is shown ----------------------------------------------------------------------------


def _show_list(turn: Turn, page: int, *, left: bool) -> None:
    path = pages.scope(turn)
    rows = roster.list_page(turn.connection, path, left=left, offset=page * pages.LISTED, limit=pages.LISTED)
    total = roster.count(turn.connection, path, left=left)
    is_admin = Role.ADMIN in turn.person.roles
    pages.show(
        turn,
        "people/list",
        people=[_line(row) for row in rows],
        left=left,
        gone=0 if left else roster.count(turn.connection, path, left=True),
        invites=invites.count_open(turn.connection, turn.now) if is_admin else None,
        **pages.turning(page, pages.LISTED, total),
    )


def _show_found(turn: Turn, typed: str, page: int) -> None:
    path = pages.scope(turn)
    typed = typed.encode()[:TYPED_MOST].decode(errors="ignore").strip().replace("\n", " ")
    found = roster.find(turn.connection, path, typed)
    if not found:
        raise Refusal("people/nobody", typed=typed)
    if len(found) == 1:
        show_person(turn, found[0].id)
        return
    lines = [_line(row) for row in found[page * pages.LISTED :][: pages.LISTED]]
    turning = pages.turning(page, pages.LISTED, len(found))
    pages.show(turn, "people/found", people=lines, typed=typed, **turning)


def _line(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "roles": [role for role in row.roles.split(",") if role],
        "team": row.team_name,
        "language": row.language,
        "seen_at": row.seen_at.isoformat() if row.seen_at is not None else None,
        "reachable": row.reachable,
        "status": row.status,
    }


def get_visible(turn: Turn, person_id: int) -> Person:
    """The person, if who acts may look him up; refuses alike whether he is not there or not to be seen."""
    actor = turn.require(Role.MANAGER, Role.ADMIN)
    person = people.find(turn.connection, person_id)
    if person is None or person.status == "new" or not actor.may_see(person):
        raise Refusal("people/not_yours")
    return person


def show_person(turn: Turn, person_id: int) -> None:
    """One person's page, with what may be changed about him."""
    person = get_visible(turn, person_id)
    row = people.get_row(turn.connection, person_id)
    team = people.team_name(turn.connection, person.team_id) if person.team_id is not None else None
    today = turn.now.astimezone(person.zone).date()
    holds = handovers.count_of(turn.connection, person_id)
    pages.show(
        turn,
        "people/page",
        id=person.id,
        name=person.name,
        roles=[role.value for role in Role if role in person.roles],
        team=team,
        phone=person.phone,
        language=person.language,
        zone=person.time_zone,
        joined_at=row.joined_at.isoformat() if row.joined_at is not None else None,
        seen_at=person.seen_at.isoformat() if person.seen_at is not None else None,
        reachable=person.reachable,
        status=person.status,
        customers=holds.customers,
        promises=holds.promises,
        leaves=[
            {"first_on": leave.first_on.isoformat(), "last_on": leave.last_on.isoformat()}
            for leave in leaves.list_of(turn.connection, person_id, today)
        ],
        may_change=Role.ADMIN in turn.person.roles,
        himself=person.id == turn.person.id,
    )


def _show_roles(turn: Turn, person: Person) -> None:
    pages.show(
        turn,
        "people/roles",
        id=person.id,
        name=person.name,
        roles={role.value: role in person.roles for role in Role},
        teamless_manager=Role.MANAGER in person.roles and person.team_id is None,
    )


def _show_teams(turn: Turn, person: Person, page: int) -> None:
    lines = pages.team_lines(team_rules.listed(pages.list_teams(turn)), page)
    pages.show(turn, "people/team", id=person.id, name=person.name, team_id=person.team_id, **lines)


# --- what is tapped and typed -----------------------------------------------------------------


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of a list or of a person's page."""
    turn.require(Role.MANAGER, Role.ADMIN)
    if place is not None:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    choice, _, detail = press.choice.partition(".")
    match choice:
        case "list" | "left":
            _show_list(turn, pages.page_of(detail), left=choice == "left")
        case "found":
            _show_found(turn, detail, press.subject)
        case "search":
            ask(turn, conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, state={}))
        case "open":
            show_person(turn, press.subject)
        case _:
            _change(turn, press.subject, choice, detail)


def _change(turn: Turn, person_id: int, choice: str, detail: str) -> None:
    """What an admin alone may do."""
    turn.require(Role.ADMIN)
    get_visible(turn, person_id)
    person = people.get_acting(turn.connection, person_id)
    match choice:
        case "roles":
            _show_roles(turn, person)
        case "give" if detail in list(Role):
            people_changes.give_role(turn, person, Role(detail))
            _show_roles(turn, people.get(turn.connection, person_id))
        case "take" if detail in list(Role):
            people_changes.take_role(turn, person, Role(detail))
            _after_taking(turn, person_id)
        case "team":
            _show_teams(turn, person, pages.page_of(detail))
        case "into" if detail.isdigit():
            people_changes.put_in_team(turn, person, int(detail) or None)
            show_person(turn, person_id)
        case "lock":
            pages.show(turn, "people/really_lock", id=person.id, name=person.name)
        case "locked":
            people_changes.lock_out(turn, person)
            show_person(turn, person_id)
        case "let_in":
            people_changes.let_in(turn, person)
            show_person(turn, person_id)
        case _:
            raise Refusal("conversation/changed")


def _after_taking(turn: Turn, person_id: int) -> None:
    """The page again; who has taken his own admin role away has been told, and sees no more of it."""
    if person_id == turn.person.id:
        turn.visitor = people.get(turn.connection, person_id)
    if Role.ADMIN in turn.person.roles:
        _show_roles(turn, people.get(turn.connection, person_id))


def given(turn: Turn, place: Place, what: Input) -> None:
    """Whom to look for."""
    if not isinstance(what, Said):
        raise Refusal("people/type_it")
    _show_found(turn, what.text, 0)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)


def ask(turn: Turn, place: Place) -> None:
    """Whom to look for; who leads nobody any more is asked nothing."""
    if turn.person.roles & {Role.MANAGER, Role.ADMIN}:
        turn.ask(place, "people/which")
    else:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)


def cancel(turn: Turn, place: Place) -> bool:
    """Stop looking."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("people/stopped")
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
