"""The invites that are still open: by whom, for whom, until when; revoked at once, or made anew as another link."""

from typing import Any

from bot.domain.audit import Area
from bot.domain.conversation import Input, Pressed, Refusal
from bot.domain.people import Person, Role
from bot.services import audit, pages
from bot.services.conversations import Flow
from bot.services.invites import issue, own_name
from bot.services.turn import Turn
from storage import conversations, people
from storage import invites as stored
from storage.conversations import Place
from storage.database import Row

FLOW_NAME = "invites"


def show(turn: Turn, page: int) -> None:
    """The open invites, the newest first."""
    turn.require(Role.ADMIN)
    total = stored.count_open(turn.connection, turn.now)
    rows = stored.list_open(turn.connection, turn.now, offset=page * pages.LISTED, limit=pages.LISTED)
    lines = [_line(row) for row in rows]
    pages.show(turn, "invite/open", invites=lines, **pages.turning(page, pages.LISTED, total))


def _line(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "role": row.role,
        "team": row.team_name,
        "by": row.created_by_name,
        "made_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat() if row.expires_at is not None else None,
    }


def pressed(turn: Turn, _place: Place | None, press: Pressed) -> None:
    """One of the list, or another page."""
    admin = turn.require(Role.ADMIN)
    choice, _, detail = press.choice.partition(".")
    match choice:
        case "list":
            show(turn, pages.page_of(detail))
        case "open":
            pages.show(turn, "invite/one", **_line(_open(turn, press.subject)))
        case "revoke":
            row = _open(turn, press.subject)
            _revoke(turn, admin, row)
            turn.say("invite/revoked", **_line(row))
            show(turn, 0)
        case "again":
            row = _open(turn, press.subject)
            _revoke(turn, admin, row)
            issue(turn, Role(row.role), row.team_id, own_name(turn))
            show(turn, 0)
        case "person":
            _invite_back(turn, press.subject)
        case _:
            raise Refusal("conversation/changed")


def _revoke(turn: Turn, admin: Person, row: Row[Any]) -> None:
    stored.revoke(turn.connection, row.id, admin.id, turn.now)
    audit.note(turn, Area.INVITE, "revoked", f"invite:{row.id}", old=row.role)


def _open(turn: Turn, invite_id: int) -> Row[Any]:
    row = stored.find_open(turn.connection, invite_id, turn.now)
    if row is None:
        raise Refusal("invite/not_open")
    return row


def _invite_back(turn: Turn, person_id: int) -> None:
    """A new link for somebody who has left, with the first of the roles that he had and his team."""
    person = people.find(turn.connection, person_id)
    if person is None or person.status != "gone" or not person.roles:
        raise Refusal("conversation/changed")
    role = next(role for role in Role if role in person.roles)
    issue(turn, role, person.team_id, own_name(turn))


def _never(turn: Turn, place: Place, given: Input | None = None) -> None:
    """The list asks nothing."""
    raise Refusal("conversation/changed")


def _cancel(turn: Turn, place: Place) -> bool:
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    return True


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_cancel, standing=True)
