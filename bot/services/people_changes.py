"""What an admin changes about a person: roles, team, locked out, let in; what is open of him stops with a sentence."""

from bot.domain.audit import Area
from bot.domain.conversation import Refusal
from bot.domain.people import Person, Role, store_roles
from bot.services import audit, live_shares, menus
from bot.services.replanning import replan
from bot.services.turn import Turn
from storage import conversations, invites, people, roster, teams, visits


def give_role(turn: Turn, person: Person, role: Role) -> None:
    """He has it at once, and is told so."""
    turn.require(Role.ADMIN)
    _must_be_here(person)
    if role not in person.roles:
        _set_roles(turn, person, person.roles | {role})
        _note(turn, "role_given", person, new=role.value)
        _tell(turn, person.id, "people/role_given", role=role.value)


def take_role(turn: Turn, person: Person, role: Role) -> None:
    """It is gone at his next tap; an open visit waits until he is a rep again."""
    turn.require(Role.ADMIN)
    _must_be_here(person)
    if role not in person.roles:
        return
    if person.roles == {role}:
        raise Refusal("people/last_role", name=person.name)
    if role is Role.ADMIN:
        not_the_last_admin(turn, person)
        _revoke_invites(turn, person)
    _set_roles(turn, person, person.roles - {role})
    _note(turn, "role_taken", person, old=role.value)
    if role is Role.REP:
        visit = _stop(turn, person)
    else:
        visit = None
        conversations.end_all(turn.connection, person.id, but="visit")
    _tell(turn, person.id, "people/role_taken", role=role.value, visit=visit)


def put_in_team(turn: Turn, person: Person, team_id: int | None) -> None:
    """Into another team, or into none."""
    turn.require(Role.ADMIN)
    _must_be_here(person)
    team = teams.find(turn.connection, team_id) if team_id is not None else None
    if team_id is not None and team is None:
        raise Refusal("team/gone")
    if person.team_id == team_id:
        return
    people.change(turn.connection, person.id, team_id=team_id)
    replan(turn, people.get(turn.connection, person.id))
    _note(turn, "team_changed", person, old=_team_key(person.team_id), new=_team_key(team_id))
    _tell(turn, person.id, "people/team_changed", team=team.name if team is not None else None)


def lock_out(turn: Turn, person: Person) -> None:
    """Nothing that he does counts any more; what he has told stays, and his open visit waits."""
    admin = turn.require(Role.ADMIN)
    _must_be_here(person)
    if person.id == admin.id:
        raise Refusal("people/not_yourself")
    not_the_last_admin(turn, person)
    visit = close(turn, person, "locked")
    _note(turn, "locked_out", person)
    turn.say("people/locked_out", to=person, visit=visit)


def let_in(turn: Turn, person: Person) -> None:
    """He goes on where he was."""
    turn.require(Role.ADMIN)
    if person.status != "locked":
        raise Refusal("people/changed_since", name=person.name)
    people.change(turn.connection, person.id, status="active")
    _note(turn, "let_in", person)
    turn.work("commands", person.id)
    visit = _open_visit(turn, person) if Role.REP in person.roles else None
    turn.say("people/let_in", to=person, visit=visit, rows=menus.keys_of(person.roles))


def close(turn: Turn, person: Person, status: str) -> str | None:
    """Shut the door behind somebody who is locked out or gone; returns the customer of his open visit, if any."""
    people.change(turn.connection, person.id, status=status)
    _revoke_invites(turn, person)
    turn.work("commands", person.id)
    return _stop(turn, person)


def _revoke_invites(turn: Turn, person: Person) -> None:
    """What he has invited with ends with him."""
    for invite_id, role in invites.revoke_of(turn.connection, person.id, turn.person.id, turn.now):
        audit.note(turn, Area.INVITE, "revoked", f"invite:{invite_id}", old=role)


def not_the_last_admin(turn: Turn, person: Person) -> None:
    """Refuse what would leave the company without an admin."""
    if Role.ADMIN in person.roles and person.active and roster.count_admins(turn.connection) < 2:
        raise Refusal("people/last_admin", name=person.name)


def _note(turn: Turn, what: str, person: Person, old: str | None = None, new: str | None = None) -> None:
    audit.note(turn, Area.PEOPLE, what, f"person:{person.id}", old, new)


def _team_key(team_id: int | None) -> str | None:
    return f"team:{team_id}" if team_id is not None else None


def _must_be_here(person: Person) -> None:
    if not person.active:
        raise Refusal("people/changed_since", name=person.name)


def _set_roles(turn: Turn, person: Person, roles: frozenset[Role]) -> None:
    people.change(turn.connection, person.id, roles=store_roles(roles))
    turn.work("commands", person.id)


def _stop(turn: Turn, person: Person) -> str | None:
    visit = _open_visit(turn, person)
    conversations.end_all(turn.connection, person.id, but="join")
    live_shares.stop(turn, person)
    return visit


def _open_visit(turn: Turn, person: Person) -> str | None:
    visit_id = visits.find_open(turn.connection, person.id)
    return visits.get(turn.connection, visit_id).customer.name if visit_id is not None else None


def _tell(turn: Turn, person_id: int, message: str, **context: str | None) -> None:
    person = people.get(turn.connection, person_id)
    turn.say(message, to=person, **context, rows=menus.keys_of(person.roles))
