"""What `/settings` shows: the areas, the policies of one, and the card of a policy at a level, with its buttons."""

from dataclasses import asdict
from typing import Any

from bot.domain.policy import DECLARATIONS, Area, Declaration, Scope
from bot.domain.policy_offers import offers
from bot.domain.policy_scopes import COMPANY, Level
from bot.services import policies, policy_levels
from bot.services.turn import Turn
from storage import outbox

SLOT = "settings"
LEVELS = 24  # of one policy that a page lists; what is beyond is reached by its name


def show_areas(turn: Turn) -> None:
    """All areas, and what differs from the default."""
    every = [_line(turn, declaration, also_shipped=False) for declaration in DECLARATIONS.values()]
    _show(
        turn,
        "policy/areas",
        areas=[area.value for area in Area],
        changed=[each for each in every if each["changed"] or each["unfit"] or each["elsewhere"]],
    )


def show_area(turn: Turn, area: Area) -> None:
    """The policies of one area, each with its value, source and default."""
    of_area = [declaration for declaration in DECLARATIONS.values() if declaration.area is area]
    _show(turn, "policy/area", area=area.value, policies=[_line(turn, declaration) for declaration in of_area])


def show_card(turn: Turn, declaration: Declaration[Any], level: Level = COMPANY) -> None:
    """One policy at one level: what applies there and why, who changed it, and buttons to change it."""
    policies.may_stand(declaration, level)
    history = policies.history(turn, declaration, level)
    line = _line(turn, declaration, level)
    value = turn.rules.voices(declaration, policy_levels.asked_at(turn, level))[0].value
    _show(
        turn,
        "policy/card",
        **line,
        area=declaration.area.value,
        offers=[asdict(offer) for offer in offers(declaration, value)],
        history=history,
        newest=history[0]["change"] if history else 0,
        scopes=_scopes(declaration),
    )


def show_scopes(turn: Turn, declaration: Declaration[Any]) -> None:
    """For whom this policy may have a value of its own."""
    _show(turn, "policy/scopes", rule=declaration.key, scopes=_scopes(declaration))


def show_levels(turn: Turn, declaration: Declaration[Any], scope: Scope) -> None:
    """The teams, grades or types to choose from."""
    policies.may_stand(declaration, Level(scope))
    levels = policy_levels.list_levels(turn, scope)
    _show(
        turn,
        "policy/levels",
        rule=declaration.key,
        kind=declaration.kind.value,
        scope=scope.value,
        levels=_with_values(turn, declaration, levels),
    )


def _line(
    turn: Turn, declaration: Declaration[Any], level: Level = COMPANY, *, also_shipped: bool = True
) -> dict[str, Any]:
    """A policy at a level, and where else it has a value of its own, be it a default of a grade."""
    levels = [one for one in turn.rules.levels_of(declaration) if one not in (COMPANY, level)]
    shipped = [Level(Scope.GRADE, grade) for grade in declaration.by_grade if also_shipped]
    elsewhere = [*(one for one in shipped if one not in (*levels, level)), *levels]
    return {
        **policies.facts(turn, declaration, level),
        "elsewhere": _with_values(turn, declaration, elsewhere[:LEVELS]),
        "more": max(0, len(elsewhere) - LEVELS),
    }


def _with_values(turn: Turn, declaration: Declaration[Any], levels: list[Level]) -> list[dict[str, Any]]:
    """Each level with the value that it has of its own, None without one."""
    told = []
    for level, named in zip(levels, policy_levels.levels_json(turn, levels), strict=True):
        voices = turn.rules.voices(declaration, policy_levels.asked_at(turn, level))
        own = next(
            (one for one in policies.voices_json(turn, declaration, voices[:1]) if voices[0].level == level), None
        )
        told.append({"level": named, "value": own["value"] if own is not None else None})
    return told


def _scopes(declaration: Declaration[Any]) -> list[str]:
    return [scope.value for scope in Scope if scope in declaration.may_vary_by and scope is not Scope.COMPANY]


def _show(turn: Turn, message: str, **context: Any) -> None:
    """In place when the settings' own message was tapped, else below."""
    tapped = turn.pressed_message is not None and turn.pressed_message == outbox.find_shown(
        turn.connection, turn.chat_id, SLOT
    )
    turn.show(SLOT, message, anew=not tapped, **context)
