"""`/teams`: the tree with its people, and a page of each team to rename, move, lead, extend and delete it."""

from typing import Any

from bot.domain import teams as rules
from bot.domain.audit import Area
from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.people import Person, Role
from bot.domain.teams import Team
from bot.services import audit, pages, people_changes
from bot.services.conversations import Flow
from bot.services.replanning import replan_team
from bot.services.turn import Turn
from storage import conversations, people, roster
from storage import teams as stored
from storage.conversations import Place

FLOW_NAME = "team"
TOP = "top"


def command_teams(turn: Turn, argument: str) -> None:
    """`/teams`: the tree; `/teams East`: that team."""
    turn.require(Role.ADMIN)
    if not argument:
        _show_tree(turn, 0)
        return
    team = pages.team_called(turn, argument)
    if team is None:
        raise Refusal("team/unknown", typed=argument[: rules.LONGEST_NAME])
    _show_team(turn, team.id)


# --- what is shown ----------------------------------------------------------------------------


def _show_tree(turn: Turn, page: int) -> None:
    known = pages.list_teams(turn)
    counts = stored.count_people(turn.connection)
    sums = rules.in_subtrees(known, counts)
    lines = pages.team_lines(rules.listed(known), page)
    for line in lines["teams"]:
        line["people"] = sums[line["id"]]
    pages.show(turn, "team/tree", **lines)


def _show_team(turn: Turn, team_id: int) -> None:
    known = pages.list_teams(turn)
    team = _team(known, team_id)
    counts = stored.count_people(turn.connection)
    below = [other for other in known if other.parent_id == team_id]
    pages.show(
        turn,
        "team/page",
        id=team.id,
        name=team.name,
        above=[other.name for other in rules.lineage(known, team_id)[:-1]],
        leaders=[{"id": leader.id, "name": leader.name} for leader in _leaders(turn, team_id)],
        people=counts.get(team_id, 0),
        people_in_all=rules.in_subtrees(known, counts)[team_id],
        below=[{"id": other.id, "name": other.name} for other in below[: pages.TEAMS_LISTED]],
        may_be_deleted=not below and not counts.get(team_id),
    )


def _show_targets(turn: Turn, team_id: int, page: int) -> None:
    """Under which team it may go."""
    known = pages.list_teams(turn)
    team = _team(known, team_id)
    possible = [
        (other, depth) for other, depth in rules.listed(known) if rules.may_stand_below(known, team_id, other.id)
    ]
    pages.show(turn, "team/where", id=team.id, name=team.name, **pages.team_lines(possible, page))


def _show_candidates(turn: Turn, team_id: int, page: int, typed: str = "") -> None:
    """Who may lead it: whoever is active, those of the team first; or whom the words fit."""
    team = _team(pages.list_teams(turn), team_id)
    if typed:
        rows = [row for row in roster.find(turn.connection, "", typed) if row.status == "active"]
        found = list(people.list_by_ids(turn.connection, [row.id for row in rows]).values())
    else:
        found = people.list_in(turn.connection, "")
    led = [leader.id for leader in _leaders(turn, team_id)]
    found = [person for person in found if person.id not in led]
    if typed and not found:
        raise Refusal("people/nobody", typed=typed[: rules.LONGEST_NAME])
    found.sort(key=lambda person: (Role.MANAGER not in person.roles, person.team_id != team_id, person.name))
    listed = [_candidate(turn, person) for person in found[page * pages.LISTED :][: pages.LISTED]]
    turned = pages.turning(page, pages.LISTED, len(found))
    pages.show(turn, "team/who", id=team.id, name=team.name, people=listed, typed=bool(typed), **turned)


def _candidate(turn: Turn, person: Person) -> dict[str, Any]:
    team = people.team_name(turn.connection, person.team_id) if person.team_id is not None else None
    return {"id": person.id, "name": person.name, "leads": Role.MANAGER in person.roles, "team": team}


def _leaders(turn: Turn, team_id: int) -> list[Person]:
    return [person for person in people.list_leaders(turn.connection) if _leads(person, team_id)]


def _leads(person: Person, team_id: int) -> bool:
    return person.team_id == team_id and Role.MANAGER in person.roles


def _team(known: list[Team], team_id: int) -> Team:
    """The team with this id; refuses when it was deleted meanwhile."""
    team = next((team for team in known if team.id == team_id), None)
    if team is None:
        raise Refusal("team/gone")
    return team


# --- what is tapped and typed -----------------------------------------------------------------


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of the tree or of a team's page; or the one that leaves the typed name."""
    turn.require(Role.ADMIN)
    if place is not None:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    choice, _, detail = press.choice.partition(".")
    team_id = press.subject
    match choice:
        case "tree":
            _show_tree(turn, pages.page_of(detail))
        case "open":
            _show_team(turn, team_id)
        case "where":
            _show_targets(turn, team_id, pages.page_of(detail))
        case "who":
            _show_candidates(turn, team_id, pages.page_of(detail))
            _begin(turn, team_id, "who")  # a name may be typed instead
        case "rename" | "add":
            _team(pages.list_teams(turn), team_id)
            ask(turn, _begin(turn, team_id, choice))
        case "to" if detail == TOP or detail.isdigit():
            _move(turn, team_id, int(detail) if detail != TOP else None)
        case "leader" if detail.isdigit():
            _lead(turn, team_id, int(detail))
        case "delete":
            _delete(turn, team_id)
        case _:
            raise Refusal("conversation/changed")


def _begin(turn: Turn, team_id: int, what: str) -> Place:
    state = {"what": what}
    return conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=team_id, state=state)


def _move(turn: Turn, team_id: int, parent_id: int | None) -> None:
    stored.take_turns(turn.connection)
    known = pages.list_teams(turn)
    team = _team(known, team_id)
    if parent_id is not None:
        _team(known, parent_id)
        if not rules.may_stand_below(known, team_id, parent_id):
            raise Refusal("team/circle", name=team.name)
    stored.move(turn.connection, team_id, parent_id)
    replan_team(turn, team_id)
    _note(turn, "team_moved", team_id, _key(team.parent_id), _key(parent_id))
    _show_team(turn, team_id)


def _lead(turn: Turn, team_id: int, person_id: int) -> None:
    _team(pages.list_teams(turn), team_id)
    person = people.find(turn.connection, person_id)
    if person is None:
        raise Refusal("conversation/changed")
    people_changes.put_in_team(turn, person, team_id)
    people_changes.give_role(turn, people.get_acting(turn.connection, person_id), Role.MANAGER)
    _show_team(turn, team_id)


def _delete(turn: Turn, team_id: int) -> None:
    stored.take_turns(turn.connection)
    known = pages.list_teams(turn)
    team = _team(known, team_id)
    inside = {
        "people": stored.count_people(turn.connection).get(team_id, 0),
        "teams": sum(other.parent_id == team_id for other in known),
        "invites": stored.count_invites(turn.connection, team_id),
    }
    if any(inside.values()):
        raise Refusal("team/not_empty", name=team.name, **inside)
    stored.remove(turn.connection, team_id, turn.now)
    _note(turn, "team_deleted", team_id, team.name)
    _show_tree(turn, 0)


def _note(turn: Turn, what: str, team_id: int, old: str | None = None, new: str | None = None) -> None:
    audit.note(turn, Area.PEOPLE, what, f"team:{team_id}", old, new)


def _key(team_id: int | None) -> str | None:
    return f"team:{team_id}" if team_id is not None else None


def given(turn: Turn, place: Place, what: Input) -> None:
    """A team's name, or that of who shall lead it."""
    turn.require(Role.ADMIN)
    if not isinstance(what, Said):
        raise Refusal("conversation/choose")
    if place.state["what"] == "who":
        _show_candidates(turn, place.subject, 0, what.text)
        return
    name = rules.readable(what.text)
    if name is None:
        raise Refusal("invite/no_name", longest=rules.LONGEST_NAME)
    stored.take_turns(turn.connection)
    known = pages.list_teams(turn)
    team = _team(known, place.subject)
    same = rules.called(known, name)
    team_id = place.subject
    if same is not None and (place.state["what"] == "add" or same.id != team_id):
        raise Refusal("team/name_taken", name=same.name)
    if place.state["what"] == "add":
        team_id = people.add_team(turn.connection, name, place.subject)
        _note(turn, "team_made", team_id, None, name)
    else:
        stored.rename(turn.connection, team_id, name)
        _note(turn, "team_renamed", team_id, team.name, name)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    _show_team(turn, team_id)


def ask(turn: Turn, place: Place) -> None:
    """Which name it shall be; who is no admin any more, and a team that is gone, are asked nothing."""
    team = stored.find(turn.connection, place.subject)
    if team is None or Role.ADMIN not in turn.person.roles:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    elif place.state["what"] != "who":
        turn.ask(place, "team/name", name=team.name, adds=place.state["what"] == "add")


def cancel(turn: Turn, place: Place) -> bool:
    """Nothing is changed."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("team/kept")
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
