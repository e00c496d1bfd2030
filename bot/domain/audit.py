"""The audit: what is written down of each change, and the chain that shows whether something was altered or taken out.

Every entry carries the SHA-256 over its predecessor's hash and its own content. Whoever alters an entry, takes one
out or puts one in would have to write all later ones anew, and the head that somebody noted down would be another.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

START = "0" * 64  # stands before the first entry
SHOWN = 12  # digits of a hash that a person compares


class Area(StrEnum):
    """What an entry is about."""

    POLICY = "policy"
    PEOPLE = "people"
    INVITE = "invite"
    SOP = "sop"
    IMPORT = "import"
    EXPORT = "export"
    BACKUP = "backup"
    CALENDAR = "calendar"
    CUSTOMER = "customer"
    PLAN = "plan"
    REVIEW = "review"


ACTS: dict[Area, frozenset[str]] = {
    Area.POLICY: frozenset(("changed", "undone")),
    Area.PEOPLE: frozenset(
        (
            *("joined", "role_given", "role_taken", "team_changed", "locked_out", "let_in", "tries_locked"),
            *("left", "handed_over", "leave_set", "leave_cancelled"),
            *("team_made", "team_renamed", "team_moved", "team_deleted"),
        )
    ),
    Area.INVITE: frozenset(("issued", "revoked")),
    Area.SOP: frozenset(("published", "withdrawn", "used_again")),
    Area.IMPORT: frozenset(("applied",)),
    Area.REVIEW: frozenset(("accepted", "asked", "rejected", "answered", "appealed", "looked")),
    Area.EXPORT: frozenset(("sent", "answers")),
    Area.BACKUP: frozenset(("made", "failed")),
    Area.CALENDAR: frozenset(("corrected", "year_confirmed", "year_reopened")),
    Area.CUSTOMER: frozenset(("graded",)),
    Area.PLAN: frozenset(("route_made", "route_changed", "route_given", "route_deleted", "target_set")),
}
# The audit is kept for ever and read by every admin, and nothing can be erased from it
PRIVATE = frozenset(
    ("phone", "token", "token_hash", "code", "url", "latitude", "longitude", "position", "point", "telegram_id", "name")
)


@dataclass(frozen=True)
class Entry:
    """One change. `subject` is a policy's key or `kind:id`; `old` and `new` are JSON values; people are ids, no names.

    `seq` counts from 1 without a gap; `person_id` is None for what nobody in the chat did.
    """

    seq: int
    at: datetime
    person_id: int | None
    area: str
    what: str
    subject: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Head:
    """The last entry: how many there are, and its hash."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Broken:
    """Where the chain breaks first: the entry is `missing`, `altered`, or everything from it on was cut off (`cut`)."""

    seq: int
    why: str


def check_content(area: Area, what: str, *values: Any) -> None:
    """Raise ValueError for an act that nobody declared, or for something that must not be in the audit."""
    if what not in ACTS[area]:
        raise ValueError(f"the audit knows no {area}.{what}")
    for value in values:
        if isinstance(value, dict) and PRIVATE & set(value):
            raise ValueError(f"the audit keeps no {', '.join(sorted(PRIVATE & set(value)))}")


def seal(previous: str, entry: Entry) -> str:
    """The hash of an entry that follows another one, in hexadecimal digits."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [entry.seq, at, entry.person_id, entry.area, entry.what, entry.subject, entry.old, entry.new]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


class Walk:
    """Follows the chain entry by entry, in the order of `seq`."""

    def __init__(self) -> None:
        self.head = Head(0, START)
        self.broken: Broken | None = None

    def go(self, entries: Iterable[tuple[Entry, str]]) -> None:
        """The next entries with the hashes that are kept of them; after a break nothing more is looked at."""
        for entry, kept in entries:
            due = self.head.seq + 1
            if self.broken is not None:
                return
            if entry.seq != due:
                self.broken = Broken(due, "missing")
            elif seal(self.head.hash, entry) != kept:
                self.broken = Broken(due, "altered")
            else:
                self.head = Head(entry.seq, kept)

    def end(self, noted: Head | None) -> Broken | None:
        """Where it breaks; `noted` is the head that was kept beside the entries."""
        if self.broken is None and noted is not None and noted != self.head:
            is_short = noted.seq > self.head.seq
            self.broken = Broken(min(noted.seq, self.head.seq) + 1 if is_short else noted.seq, "cut")
        return self.broken
