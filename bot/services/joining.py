"""Joining: the invite's token is checked, the newcomer tells his language, phone and zone, and gets his menu."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.audit import Area
from bot.domain.conversation import ContactShared, Input, Pressed, Refusal, Said
from bot.domain.joining import OFFERED_ZONES, Joining, Step, zone_called
from bot.domain.people import Person, Role, store_roles
from bot.rendering import LANGUAGES, language_for
from bot.services import audit, menus
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, outbox, people
from storage.conversations import Place
from storage.leadership import one_at_a_time

LOCKED_FOR = timedelta(hours=1)
TOKEN_BYTES = 24  # 192 bits, 32 characters in a link
CLAIM = "claim"


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A token for a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def start(turn: Turn, token: str, *, admin_ids: frozenset[int], again: Callable[[Turn], object]) -> None:
    """`/start`: a member gets his menu and his current question; a newcomer with a good token begins to join."""
    origin = turn.origin
    assert origin is not None
    visitor = turn.visitor
    if visitor is not None and (visitor.status == "locked" or (visitor.is_closed and not token)):
        raise Refusal("people/closed", left=visitor.status == "gone")
    if visitor is not None and visitor.active and not visitor.reachable:
        outbox.unpark(turn.connection, visitor.id)
        turn.in_outbox.add(turn.chat_id)
    if visitor is not None and visitor.active and not token:
        menus.show(turn)
        again(turn)
        return
    if not token and origin.telegram_id in admin_ids:
        _begin(turn, Joining(Role.ADMIN, None))
        return
    if not token:
        place = conversations.find(turn.connection, visitor.id, "join") if visitor is not None else None
        if place is None:
            turn.say("join/not_yet", language=language_for(origin.language_code))
        else:
            ask(turn, place)
        return
    _try_token(turn, token)


def _try_token(turn: Turn, token: str) -> None:
    origin = turn.origin
    assert origin is not None
    person_id = _stranger(turn)
    row = people.get_row(turn.connection, person_id)
    language = language_for(origin.language_code)
    if row.locked_until is not None and row.locked_until > turn.now:
        turn.say("join/wrong_token", language=language)
        return
    invite = people.find_open_invite(turn.connection, token_hash(token), turn.now)
    if invite is None or not people.use_invite(turn.connection, invite.id, person_id, turn.now):
        wrong = row.wrong_tokens + 1
        locked = turn.now + LOCKED_FOR if wrong >= turn.policy.invite_tries else None
        count = 0 if locked else wrong
        people.change(turn.connection, person_id, wrong_tokens=count, locked_until=locked)
        if locked:
            audit.note(turn, Area.PEOPLE, "tries_locked", f"person:{person_id}")
        turn.say("join/wrong_token", language=language)
        return
    people.change(turn.connection, person_id, wrong_tokens=0, locked_until=None)
    role = Role.ADMIN if invite.role == CLAIM else Role(invite.role)
    if turn.visitor is not None and turn.visitor.active:
        _grant(turn, role, invite.team_id, invite.id)
    else:
        _begin(turn, Joining(role, invite.team_id))


def _stranger(turn: Turn) -> int:
    """The sender's row, made when he is new: wrong tokens are counted on it."""
    if turn.visitor is not None:
        return turn.visitor.id
    origin = turn.origin
    assert origin is not None
    person_id = people.add(
        turn.connection,
        telegram_id=origin.telegram_id,
        name=origin.name or "?",
        language=language_for(origin.language_code),
        time_zone=turn.default_zone,
    )
    turn.visitor = people.get(turn.connection, person_id)
    return person_id


def _grant(turn: Turn, role: Role, team_id: int | None, invite_id: int) -> None:
    """A member uses another invite: he gets that role too, and moves to its team when it names one."""
    person = turn.person
    roles = store_roles(person.roles | {role})
    people.change(turn.connection, person.id, roles=roles, team_id=team_id or person.team_id)
    turn.visitor = people.get(turn.connection, person.id)
    now = {**_standing(turn.visitor), "invite": f"invite:{invite_id}"}
    audit.note(turn, Area.PEOPLE, "role_given", f"person:{person.id}", _standing(person), now)
    menus.welcome(turn, "join/granted", role=role.value)


def _standing(person: Person) -> dict[str, Any]:
    """Roles and team, as the audit keeps them."""
    roles = [role.value for role in Role if role in person.roles]
    return {"roles": roles, "team": f"team:{person.team_id}" if person.team_id is not None else None}


def _begin(turn: Turn, joining: Joining) -> None:
    person_id = _stranger(turn)
    place = conversations.begin(turn.connection, person_id, "join", turn.now, state=asdict(joining))
    ask(turn, place)


def ask(turn: Turn, place: Place) -> None:
    """Put the step's question."""
    joining = _read(place)
    match joining.step:
        case Step.LANGUAGE:
            turn.ask(place, "join/language", languages=LANGUAGES)
        case Step.CONTACT:
            turn.ask(place, "join/contact", language=joining.language)
        case Step.ZONE:
            zones = [(zone, turn.now.astimezone(ZoneInfo(zone)).isoformat()) for zone in _zones(turn)]
            turn.ask(place, "join/zone", zones=zones)
        case Step.DONE:
            _finish(turn, place, joining)


def _zones(turn: Turn) -> list[str]:
    """The company's zone first, then those that show another time."""
    zones = [turn.default_zone]
    for zone in OFFERED_ZONES:
        offsets = {turn.now.astimezone(ZoneInfo(known)).utcoffset() for known in zones}
        if turn.now.astimezone(ZoneInfo(zone)).utcoffset() not in offsets:
            zones.append(zone)
    return zones


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A language or a zone was chosen."""
    if place is None:
        raise Refusal("conversation/changed")
    _only_newcomers(turn)
    joining = _read(place)
    if joining.step is Step.LANGUAGE and press.choice in LANGUAGES:
        people.change(turn.connection, place.person_id, language=press.choice)
        _go_on(turn, place, replace(joining, language=press.choice))
    elif joining.step is Step.ZONE and press.choice in available_timezones():
        _go_on(turn, place, replace(joining, time_zone=press.choice))
    else:
        raise Refusal("conversation/changed")


def given(turn: Turn, place: Place, what: Input) -> None:
    """A contact, or a zone's name."""
    _only_newcomers(turn)
    joining = _read(place)
    match joining.step, what:
        case Step.CONTACT, ContactShared(phone, own=True):
            _go_on(turn, place, replace(joining, phone=phone))
        case Step.CONTACT, ContactShared():
            raise Refusal("join/not_your_contact")
        case Step.CONTACT, _:
            raise Refusal("join/contact_needed")
        case Step.ZONE, Said(text):
            zone = zone_called(text, available_timezones())
            if zone is None:
                raise Refusal("join/unknown_zone", text=text)
            _go_on(turn, place, replace(joining, time_zone=zone))
        case _:
            raise Refusal("conversation/choose")


def _only_newcomers(turn: Turn) -> None:
    """Joining lets in: whoever is in, or was locked out since it began, does not go on with it."""
    if turn.visitor is not None and turn.visitor.status == "locked":
        raise Refusal("people/closed", left=False)
    if turn.visitor is not None and turn.visitor.active:
        raise Refusal("conversation/changed")


def _go_on(turn: Turn, place: Place, joining: Joining) -> None:
    place = conversations.save(turn.connection, place, asdict(joining), joining.step)
    turn.visitor = people.get(turn.connection, place.person_id)
    ask(turn, place)


def _finish(turn: Turn, place: Place, joining: Joining) -> None:
    person = people.get(turn.connection, place.person_id)
    people.change(
        turn.connection,
        person.id,
        phone=joining.phone,
        time_zone=joining.time_zone,
        roles=store_roles(frozenset({joining.role})),  # who comes back has the role of the new invite alone
        team_id=joining.team_id or person.team_id,
        status="active",
        reachable=True,
        block_told_at=None,
        joined_at=turn.now,
    )
    conversations.end(turn.connection, person.id, "join")
    turn.visitor = people.get(turn.connection, person.id)
    audit.note(turn, Area.PEOPLE, "joined", f"person:{person.id}", None, _standing(turn.visitor))
    menus.welcome(turn, "join/welcome", role=joining.role.value)


def cancel(turn: Turn, place: Place) -> bool:
    """Joining cannot be left: there is nothing to go back to."""
    raise Refusal("join/cannot_cancel")


def _read(place: Place) -> Joining:
    return Joining(**{**place.state, "role": Role(place.state["role"])})


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel)


def claim_code(turn: Turn, secret: str) -> str | None:
    """The first admin's one-time code: made once, and told at each start until it is used; None once there is an admin.

    It is made of the deployment's `secret` and the moment of the first start, as only its hash may be stored: a
    process that died before the code was read would otherwise leave a company that nobody can enter.
    """
    one_at_a_time(turn.connection, "preparing")
    claim = people.find_claim(turn.connection)
    if people.has_admin(turn.connection) or (claim is not None and claim.used_at is not None):
        return None
    made_at = claim.created_at if claim is not None else turn.now
    code = _code_of(secret, made_at)
    if claim is None:
        people.add_invite(turn.connection, token_hash=token_hash(code), role=CLAIM, created_at=made_at)
    elif claim.token_hash != token_hash(code):  # the secret has changed, or an earlier version made it of nothing
        people.change_invite(turn.connection, claim.id, token_hash=token_hash(code))
    return code


def _code_of(secret: str, made_at: datetime) -> str:
    moment = made_at.astimezone(UTC).isoformat(timespec="microseconds")
    drawn = hmac.digest(secret.encode(), f"claim {moment}".encode(), "sha256")[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(drawn).decode()
