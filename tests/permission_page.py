"""The page for admins: who may do what, made from the table that the test walks."""

import sys
from collections.abc import Iterable

from permission_table import BUTTONS, COMMANDS, Row
from permissions import Who

from bot.rendering import Renderer

MARKS = {True: "✓", False: "–"}
WHAT = {
    "join": "Joining",
    "language": "/language",
    "help": "/help",
    "checkin": "Checking in",
    "customers": "A rep's customer",
    "visit": "A rep's open visit",
    "challenge": "A check on the spot",
    "companion": "Who is with a rep",
    "witness": "Being with a rep",
    "reminder": "A reminder of a report",
    "followup": "A rep's follow-up",
    "plan": "A stop of a rep's day",
    "route": "/routes, and a rep's route",
    "target": "/targets",
    "live": "A live location",
    "day": "/day",
    "leave": "Leave",
    "digest": "The digest, and a rep's visit in it",
    "seen": "A photo seen before",
    "answers": "/answers",
    "people": "/people, and a rep's page",
    "handover": "Handing over",
    "team": "/teams",
    "invite": "/invite",
    "invites": "Open invites",
    "import": "/import",
    "export": "/export",
    "backup": "/backup",
    "sop": "/sop",
    "sop_file": "Checklists as files",
    "soptry": "Trying a checklist",
    "policy": "/settings",
    "calendar": "/calendar",
    "verify": "/verify",
    "pins": "A place proposed for a customer",
    "review": "A flagged visit",
    "grade": "A grade that a screening proposes",
    "audit": "/audit",
    "health": "/health",
}
OPENING = """# Who may do what

Made from the table that a test walks with everybody, on SQLite and PostgreSQL: each ✓ and each – was tried. A new
command or button without a line in the table fails that test. Made by `python tests/permission_page.py`.

The rep and his manager are in one team; the other rep and the other manager are in another one. "A rep's" means the
first rep's. An admin sees everybody; a manager sees the teams that he leads; a rep sees what is his. Whoever is locked
out keeps his roles, and may nothing. A role that is taken away is gone at the next tap, also below a question that
was asked before.
"""


def page() -> str:
    """The page in Markdown."""
    words = Renderer().words("commands", "en")
    lines = [OPENING, "## Commands\n", _head("Command", "What it does")]
    for row in COMMANDS:
        what = f"`/{row.what} {row.given}`".replace(" `", "`")
        lines.append(_line(what, words[row.what] if not row.given else "", [row]))
    lines += ["\n## Buttons\n", "`*` stands for a value, such as a number or a day.\n", _head("Where", "Buttons")]
    for where, choices, alike in _grouped(BUTTONS):
        lines.append(_line(where, choices, alike))
    return "\n".join(lines) + "\n"


def _grouped(rows: Iterable[Row]) -> list[tuple[str, str, list[Row]]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((WHAT[row.flow or ""], row.allowed.words), []).append(row)
    return [
        (where, " ".join(dict.fromkeys(f"`{row.what}`" for row in alike)), alike)
        for (where, _), alike in groups.items()
    ]


def _head(*titles: str) -> str:
    cells = [*titles, *(who.value for who in Who), "so: may"]
    return "| " + " | ".join(cells) + " |\n|" + "---|" * len(cells)


def _line(what: str, about: str, rows: list[Row]) -> str:
    allowed = rows[0].allowed
    return "| " + " | ".join([what, about, *(MARKS[who in allowed.who] for who in Who), allowed.words]) + " |"


if __name__ == "__main__":
    sys.stdout.write(page())
