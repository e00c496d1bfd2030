"""The table of all policies in the documentation: `python -m bot.rendering.policy_page > docs/policies.md`."""

import sys
from typing import Any

from bot.domain.policy import DECLARATIONS, Area, Declaration, Scope, store
from bot.rendering.policy_values import written
from bot.rendering.renderer import Renderer

OPENING = """# Policies

What an admin can change while Rounds runs: in the chat with `/settings`, or in one line with `/set key value`.
A change holds at once, is kept with who made it and when, and `/undo` takes it back. This page is made from
the declarations in `bot/domain/policy.py` and the wordings in `templates/messages/`; a test keeps it fresh:

    python -m bot.rendering.policy_page > docs/policies.md

A value may be set for the company and, where “may differ by” says so, for a team with those below it, a grade, a type
of visit or one customer, with the words behind the value, in English or Chinese, by a rule's key or its name:

    /set fence.radius 150
    /set fence.radius 150 team West
    /set 围栏半径 150 米 等级 A
    /set fence.radius default team West

The more specific value wins, and the page of a rule says which one applies and why. The order is

{order}

because the nearer a value is to the one visit that is judged, the more it knows about it. A type beats a grade: it is
chosen for this visit and says what is done there. A grade beats a team: what is owed to an A customer does not hang on
where the rep works. A check-in radius in a customer's own record (it comes with a list) is that customer's value, until
an admin sets one for him in the chat, which a later list does not overwrite.
"""

ORDER = {
    Scope.CUSTOMER: "the customer (set in the chat, else his own record)",
    Scope.TYPE: "the type of visit",
    Scope.GRADE: "the customer's grade",
    Scope.TEAM: "the team of the rep, then the one above it, and so on",
    Scope.COMPANY: "the company, else the default",
}


def page(renderer: Renderer) -> str:
    """The page as Markdown, in English."""
    words = {name: renderer.words(name, "en") for name in ("policy_areas", "policy_names", "policies")}
    order = "\n".join(f"{place}. {ORDER[scope]}" for place, scope in enumerate(reversed(Scope), start=1))
    parts = [OPENING.format(order=order)]
    for area in Area:
        parts.append(f"## {words['policy_areas'][area]}\n")
        parts.append(
            "| key | name | what it means | default | bounds | may differ by |\n| --- | --- | --- | --- | --- | --- |"
        )
        of_area = [declaration for declaration in DECLARATIONS.values() if declaration.area is area]
        parts += [_line(d, words["policy_names"][d.key], words["policies"][d.key]) for d in of_area]
        parts.append("")
    return "\n".join(parts)


def _line(declaration: Declaration[Any], name: str, meaning: str) -> str:
    by = ", ".join(scope for scope in Scope if scope in declaration.may_vary_by and scope is not Scope.COMPANY)
    cells = (
        f"`{declaration.key}`",
        name,
        meaning,
        _defaults(declaration),
        _bounds(declaration),
        by,
    )
    return "| " + " | ".join(cells) + " |"


def _defaults(declaration: Declaration[Any]) -> str:
    of_grades = [f"grade {grade}: {_written(declaration, own)}" for grade, own in declaration.by_grade.items()]
    return "; ".join([_written(declaration, declaration.default), *of_grades])


def _bounds(declaration: Declaration[Any]) -> str:
    if declaration.least is None:
        return ""
    return f"{_written(declaration, declaration.least)} – {_written(declaration, declaration.most)}"


def _written(declaration: Declaration[Any], value: Any) -> str:
    return written(store(declaration, value), declaration.kind, "en")


if __name__ == "__main__":
    sys.stdout.write(page(Renderer()))
