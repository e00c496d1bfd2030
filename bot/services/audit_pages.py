"""`/audit`: who changed what, newest first, by area and person; `/audit verify` walks the chain of hashes."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, NoReturn

from bot.domain.audit import SHOWN, Area, Broken, Entry, Head, Walk
from bot.domain.conversation import Input, Pressed, Refusal
from bot.domain.people import Role
from bot.domain.policy import DECLARATIONS
from bot.services.conversations import Flow
from bot.services.desk import Desk
from bot.services.turn import Turn
from bot.services.worker import Do
from storage import audit as stored
from storage import outbox, people
from storage.jobs import Job

FLOW_NAME = SLOT = "audit"
JOB = "audit_verify"
ON_A_PAGE = 8
PEOPLE_OFFERED = 8
LEAST_DIGITS = 8  # of a hash that was noted down: fewer could agree by chance
VERIFY_WORDS = frozenset(("verify", "check", "校验", "验证", "检查"))
AREA_WORDS = {
    **{area.value: area for area in Area},
    "规则": Area.POLICY,
    "人员": Area.PEOPLE,
    "邀请": Area.INVITE,
    "清单": Area.SOP,
    "导入": Area.IMPORT,
    "审核": Area.REVIEW,
    "复核": Area.REVIEW,
    "导出": Area.EXPORT,
    "备份": Area.BACKUP,
    "日历": Area.CALENDAR,
    "客户": Area.CUSTOMER,
    "customers": Area.CUSTOMER,
    "rules": Area.POLICY,
    "settings": Area.POLICY,
    "invites": Area.INVITE,
    "imports": Area.IMPORT,
    "exports": Area.EXPORT,
    "backups": Area.BACKUP,
    "reviews": Area.REVIEW,
}


def command_audit(turn: Turn, argument: str = "") -> None:
    """`/audit`, `/audit people`, `/audit Ann`, `/audit people Ann`, `/audit verify`, `/audit verify 214 3f9a…`."""
    turn.require(Role.ADMIN)
    words = argument.split()
    if words and words[0].casefold() in VERIFY_WORDS:
        _verify(turn, words[1:])
        return
    area = AREA_WORDS.get(words[0].casefold()) if words else None
    name = " ".join(words[1:] if area is not None else words)
    if not name:
        _show_page(turn, area, None, None)
        return
    found = stored.find_people(turn.connection, name, PEOPLE_OFFERED)
    if not found:
        raise Refusal("audit/nobody", typed=name[:40])
    if len(found) == 1:
        _show_page(turn, area, found[0][0], None)
    else:
        named = [{"id": person_id, "name": each} for person_id, each in found]
        turn.say("audit/which", people=named, area=area.value if area is not None else "-")


def pressed(turn: Turn, _place: object, press: Pressed) -> None:
    """Another page, another filter, or the walk along the chain."""
    turn.require(Role.ADMIN)
    verb, *rest = press.choice.split(":")
    if verb == "verify":
        _verify(turn, [])
    elif verb == "page" and len(rest) == 3 and all(part.isdigit() for part in rest[1:]):
        area = Area(rest[0]) if rest[0] in list(Area) else None
        _show_page(turn, area, int(rest[1]) or None, int(rest[2]) or None)
    else:
        raise Refusal("conversation/changed")


def _show_page(turn: Turn, area: Area | None, person_id: int | None, before: int | None) -> None:
    entries = stored.list_newest(
        turn.connection, ON_A_PAGE + 1, before=before, area=area.value if area else None, person_id=person_id
    )
    shown, older = entries[:ON_A_PAGE], entries[ON_A_PAGE:]
    tapped = turn.pressed_message is not None and turn.pressed_message == outbox.find_shown(
        turn.connection, turn.chat_id, SLOT
    )
    names = stored.names_of(turn.connection, shown)
    turn.show(
        SLOT,
        "audit/page",
        anew=not tapped,
        lines=[_line(entry, names) for entry in shown],
        area=area.value if area is not None else "-",
        areas=[each.value for each in Area],
        person=person_id or 0,
        person_name=people.get_row(turn.connection, person_id).name if person_id is not None else None,
        before=before or 0,
        older=shown[-1].seq if older else 0,
    )


def _line(entry: Entry, names: Mapping[str, str]) -> dict[str, Any]:
    """An entry as the page tells it: values as parts, each a key (or None) with its words."""
    subject, _, level = entry.subject.partition("@")
    declaration = DECLARATIONS.get(subject)
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "who": names.get(f"person:{entry.person_id}") if entry.person_id is not None else None,
        "act": f"{entry.area}.{entry.what}",
        "rule": subject if declaration is not None else None,
        "kind": declaration.kind.value if declaration is not None else None,
        "subject": names.get(subject, _numbered(subject)),
        "level": names.get(level, _numbered(level)),
        "old": _parts(entry.old, names),
        "new": _parts(entry.new, names),
    }


def _numbered(reference: str) -> str:
    """What has no name: `invite:3` is #3, `sop:store_check` is store_check."""
    rest = reference.partition(":")[2]
    return f"#{rest}" if rest.isdigit() else rest


def _parts(value: Any, names: Mapping[str, str]) -> list[dict[str, Any]]:
    pairs = value.items() if isinstance(value, dict) else [] if value is None else [("", value)]
    parts = []
    for key, each in pairs:
        words = [str(word) for word in (each if isinstance(each, list) else [each]) if word is not None]
        if not words:
            continue
        is_day = len(words) == 1 and _is_date(words[0])
        parts.append(
            {
                "key": key,
                "words": [names.get(word, _numbered(word) if ":" in word else word) for word in words],
                "day": is_day,
            }
        )
    return parts


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


# --- the chain --------------------------------------------------------------------------------


def _verify(turn: Turn, noted: list[str]) -> None:
    """A head that was noted down earlier is compared at once; the walk is a job, for it may be long."""
    admin = turn.require(Role.ADMIN)
    if noted:
        _compare(turn, noted)
    turn.say("audit/checking")
    turn.work(JOB, admin.id)


def _compare(turn: Turn, noted: list[str]) -> None:
    digits = "".join(noted[1:]).casefold()
    if not noted[0].isdigit() or len(noted[0]) > 18 or len(digits) < LEAST_DIGITS:
        raise Refusal("audit/how_to_verify", least=LEAST_DIGITS)
    kept = stored.find_hash(turn.connection, int(noted[0]))
    turn.say("audit/compared", seq=int(noted[0]), same=kept is not None and kept.startswith(digits))


class Verification:
    """Does the job: follows the chain beside everybody's work, and tells whoever asked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def kinds(self) -> Mapping[str, Do]:
        """What each kind of job does."""
        return {JOB: self.work}

    async def work(self, job: Job) -> None:
        """Walk to the end that is noted now; what is added meanwhile is for the next time."""
        read = self._desk.database.read
        end, walk = await read(stored.find_head), Walk()
        while walk.broken is None:
            after = walk.head.seq
            entries = await read(lambda connection, after=after: stored.list_after(connection, after))  # type: ignore[misc]
            walk.go((entry, kept) for entry, kept in entries if end is None or entry.seq <= end.seq)
            if not entries or (end is not None and walk.head.seq >= end.seq):
                break
        await self._desk.finish(job, _tell, job.subject, walk.end(end), walk.head)


def _tell(turn: Turn, person_id: int, broken: Broken | None, head: Head) -> None:
    person = people.get(turn.connection, person_id)
    if not person.active or Role.ADMIN not in person.roles:
        return
    if broken is None:
        turn.say("audit/whole", to=person, number=head.seq, digits=head.hash[:SHOWN])
    else:
        turn.say("audit/broken", to=person, **asdict(broken))


def _never(turn: Turn, place: object, given: Input | None = None) -> NoReturn:
    """The pages ask nothing."""
    raise Refusal("conversation/changed")


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_never, standing=True)
