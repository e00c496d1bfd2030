"""`/invite`: an admin chooses role and team, and gets a link that lets one person join."""

from dataclasses import asdict, replace
from typing import Any

from bot.domain import teams
from bot.domain.audit import Area
from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.inviting import Inviting, Step
from bot.domain.people import Role
from bot.domain.teams import Team
from bot.services import audit
from bot.services.conversations import Flow
from bot.services.joining import new_token, token_hash
from bot.services.turn import Turn
from storage import conversations, marks, people
from storage.conversations import Place

FLOW_NAME = "invite"
OWN_NAME = "own_name"  # the mark that keeps it
MOST_BUTTONS = 60  # Telegram takes 100; a longer list nobody scrolls: a team's name can be typed
# How an admin may write a role behind the command
ROLE_WORDS = {
    **{role.value: role for role in Role},
    **dict.fromkeys(("代表", "业务代表", "销售代表", "业务员", "销售"), Role.REP),
    **dict.fromkeys(("经理", "主管", "领导"), Role.MANAGER),
    **dict.fromkeys(("管理员",), Role.ADMIN),
}


def command_invite(turn: Turn, argument: str, *, bot_name: str) -> None:
    """`/invite` asks; `/invite rep Team East` answers all at once."""
    person = turn.require(Role.ADMIN)
    word, _, team = argument.strip().partition(" ")
    if word and word.casefold() not in ROLE_WORDS:
        raise Refusal("invite/unknown_role", typed=word[:40])
    role = ROLE_WORDS.get(word.casefold())
    # the bot's own name is kept: what is tapped later does not bring it along
    marks.put(turn.connection, OWN_NAME, turn.now, {"username": bot_name})
    state = {"inviting": _kept(Inviting(role)), "bot_name": bot_name}
    place = conversations.begin(turn.connection, person.id, FLOW_NAME, turn.now, state=state)
    _go_on(turn, place, _in_team(turn, Inviting(role), team) if team.strip() else Inviting(role))


def own_name(turn: Turn) -> str:
    """The bot's name in its links, as it was when an invite was made last."""
    mark = marks.find(turn.connection, OWN_NAME)
    if mark is None:
        raise Refusal("invite/by_command")
    return str(mark.note["username"])


def issue(turn: Turn, role: Role, team_id: int | None, bot_name: str) -> None:
    """Make a link that lets one person join; only the hash of its token is stored."""
    person = turn.require(Role.ADMIN)
    token = new_token()
    expires_at = turn.now + turn.policy.invite_lives
    invite_id = people.add_invite(
        turn.connection,
        token_hash=token_hash(token),
        role=role.value,
        team_id=team_id,
        created_by=person.id,
        created_at=turn.now,
        expires_at=expires_at,
    )
    into = f"team:{team_id}" if team_id is not None else None
    audit.note(turn, Area.INVITE, "issued", f"invite:{invite_id}", None, {"role": role.value, "team": into})
    team = people.team_name(turn.connection, team_id) if team_id is not None else ""
    url = f"https://t.me/{bot_name}?start={token}"
    turn.say("invite/link", role=role.value, team=team, url=url, expires_at=expires_at.isoformat())


# --- the conversation -------------------------------------------------------------------------


def ask(turn: Turn, place: Place) -> None:
    """Put the step's question; who is no admin any more is asked nothing."""
    if Role.ADMIN not in turn.person.roles:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        return
    inviting, known = _read(place), _teams(turn)
    role = inviting.role.value if inviting.role is not None else None
    match inviting.step(bool(known)):
        case Step.ROLE:
            turn.ask(place, "invite/role", roles=[role.value for role in Role])
        case Step.TEAM:
            turn.ask(place, "invite/team", role=role, teamless=inviting.may_be_teamless, **_listed(known))
        case Step.NAME:
            turn.ask(place, "invite/name", role=role, first=not known)
        case Step.PARENT:
            turn.ask(place, "invite/parent", team=inviting.new_team, **_listed(known))
        case Step.DONE:
            _finish(turn, place, inviting)


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A role, a team, or what to do without one."""
    turn.require(Role.ADMIN)
    if place is None:
        raise Refusal("conversation/changed")
    if press.choice == "cancel":
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        turn.ask(place, "invite/cancelled")
        return
    known = _teams(turn)
    inviting = _chosen(_read(place), press.choice, known)
    if inviting is None:
        raise Refusal("conversation/changed")
    _go_on(turn, place, inviting)


def _chosen(inviting: Inviting, choice: str, known: list[Team]) -> Inviting | None:
    """What a button adds; None when it does not belong to this step."""
    kind, _, value = choice.partition(":")
    team = next((team for team in known if str(team.id) == value), None)
    match inviting.step(bool(known)), kind:
        case Step.ROLE, "role" if value in list(Role):
            return replace(inviting, role=Role(value))
        case Step.TEAM, "team" if team is not None:
            return replace(inviting, team_id=team.id)
        case Step.TEAM, "none" if inviting.may_be_teamless:
            return replace(inviting, teamless=True)
        case Step.TEAM, "new":
            return replace(inviting, naming=True)
        case Step.PARENT, "top":
            return replace(inviting, placed=True)
        case Step.PARENT, "team" if team is not None:
            return replace(inviting, placed=True, parent_id=team.id)
    return None


def given(turn: Turn, place: Place, what: Input) -> None:
    """A role's word, or a team's name."""
    turn.require(Role.ADMIN)
    inviting, known = _read(place), _teams(turn)
    if not isinstance(what, Said):
        raise Refusal("conversation/choose")
    match inviting.step(bool(known)):
        case Step.ROLE if what.text.strip().casefold() in ROLE_WORDS:
            _go_on(turn, place, replace(inviting, role=ROLE_WORDS[what.text.strip().casefold()]))
        case Step.TEAM | Step.NAME:
            _go_on(turn, place, _in_team(turn, inviting, what.text))
        case Step.PARENT if (parent := teams.called(known, what.text)) is not None:
            _go_on(turn, place, replace(inviting, placed=True, parent_id=parent.id))
        case _:
            raise Refusal("conversation/choose")


def _in_team(turn: Turn, inviting: Inviting, typed: str) -> Inviting:
    """Into the team that was typed; one that is not there yet is to be made."""
    name = teams.readable(typed)
    if name is None:
        raise Refusal("invite/no_name", longest=teams.LONGEST_NAME)
    team = teams.called(_teams(turn), name)
    return replace(inviting, team_id=team.id) if team is not None else replace(inviting, new_team=name)


def _go_on(turn: Turn, place: Place, inviting: Inviting) -> None:
    state = {**place.state, "inviting": _kept(inviting)}
    ask(turn, conversations.save(turn.connection, place, state))


def _finish(turn: Turn, place: Place, inviting: Inviting) -> None:
    assert inviting.role is not None
    team_id = inviting.team_id
    if inviting.new_team is not None:
        team_id = people.add_team(turn.connection, inviting.new_team, inviting.parent_id)
        below = {"below": f"team:{inviting.parent_id}"} if inviting.parent_id is not None else None
        audit.note(turn, Area.PEOPLE, "team_made", f"team:{team_id}", None, below)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    # The link is a message of its own: in the question's slot a later question could take its place unread.
    if turn.pressed_message is not None or inviting.new_team is not None:
        turn.ask(place, "invite/chosen", new_team=inviting.new_team)
    issue(turn, inviting.role, team_id, place.state["bot_name"])


def cancel(turn: Turn, place: Place) -> bool:
    """No link, no team."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("invite/cancelled")
    return True


def _teams(turn: Turn) -> list[Team]:
    return [Team(row.id, row.name, row.parent_id) for row in people.list_teams(turn.connection)]


def _listed(known: list[Team]) -> dict[str, Any]:
    lines = [{"id": team.id, "name": team.name, "depth": depth} for team, depth in teams.listed(known)]
    return {"teams": lines[:MOST_BUTTONS], "more": max(0, len(lines) - MOST_BUTTONS)}


def _kept(inviting: Inviting) -> dict[str, Any]:
    return asdict(inviting)


def _read(place: Place) -> Inviting:
    kept = place.state["inviting"]
    return Inviting(**{**kept, "role": Role(kept["role"]) if kept["role"] is not None else None})


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel)
