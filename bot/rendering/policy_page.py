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

Values are set for the whole company. “May differ by” is what a rule is declared for beside it, the more specific
value winning; of these, a customer's own check-in radius comes with the customer.
"""


def page(renderer: Renderer) -> str:
    """The page as Markdown, in English."""
    words = {name: renderer.words(name, "en") for name in ("policy_areas", "policy_names", "policies")}
    parts = [OPENING]
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
        _written(declaration, declaration.default),
        _bounds(declaration),
        by,
    )
    return "| " + " | ".join(cells) + " |"


def _bounds(declaration: Declaration[Any]) -> str:
    if declaration.least is None:
        return ""
    return f"{_written(declaration, declaration.least)} – {_written(declaration, declaration.most)}"


def _written(declaration: Declaration[Any], value: Any) -> str:
    return written(store(declaration, value), declaration.kind, "en")


if __name__ == "__main__":
    sys.stdout.write(page(Renderer()))
