"""Changes a policy: checked, kept with who and when, in force at once, and taken back on request."""

from collections.abc import Mapping
from typing import Any

from bot.domain.conversation import Refusal
from bot.domain.people import Role
from bot.domain.policy import DECLARATIONS, BadValue, Declaration, Policy, parse, store
from bot.services import due_dates, reminders
from bot.services.turn import Turn
from storage import policies
from storage.database import Row

# Words that stand for "no value of our own"; no kind of value can be written like that.
DEFAULT_WORDS = frozenset(("default", "默认", "默认值", "缺省"))
SHOWN_CHANGES = 3
LONGEST_SHOWN = 60


def facts(turn: Turn, declaration: Declaration[Any], stored: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What messages tell of a policy, values as `policy.store` writes them.

    `unfit` is a stored text that this release cannot take, so that the default holds; `newest` is the id
    of the last change, 0 if there was none: a button that carries another one is out of date.
    """
    value = turn.policy.value(declaration)
    unfit = None
    if declaration.key in turn.policy.ignored:
        unfit = (stored or policies.in_force(turn.connection)).get(declaration.key)
    return {
        "rule": declaration.key,
        "kind": declaration.kind.value,
        "value": store(declaration, value),
        "default": store(declaration, declaration.default),
        "least": None if declaration.least is None else store(declaration, declaration.least),
        "most": None if declaration.most is None else store(declaration, declaration.most),
        "changed": value != declaration.default,
        "unfit": unfit,
    }


def newest_change(turn: Turn, key: str) -> Row[Any] | None:
    """The last change of a policy."""
    return next(iter(policies.list_changes(turn.connection, key=key, limit=1)), None)


def history(turn: Turn, declaration: Declaration[Any]) -> list[dict[str, Any]]:
    """The last changes of a policy, newest first."""
    changes = policies.list_changes(turn.connection, key=declaration.key, limit=SHOWN_CHANGES)
    return [told(turn, change) for change in changes]


def told(turn: Turn, change: Row[Any]) -> dict[str, Any]:
    """What messages tell of a change: who (None: the reader himself), when, old and new value."""
    declaration = DECLARATIONS[change.key]
    default = store(declaration, declaration.default)
    return {
        "change": change.id,
        "who": None if change.changed_by == turn.person.id else change.name,
        "when": change.changed_at.isoformat(),
        "old": default if change.old is None else change.old,
        "new": default if change.new is None else change.new,
        "undoes": change.undoes is not None,
    }


def change(turn: Turn, declaration: Declaration[Any], typed: str) -> dict[str, Any]:
    """Give a policy the value that was typed or tapped (or its default again); what messages tell of the change."""
    turn.require(Role.ADMIN)
    take_turns(turn)
    back = typed.strip().casefold() in DEFAULT_WORDS
    value = declaration.default if back else understood(turn, declaration, typed)
    if value == turn.policy.value(declaration) and declaration.key not in turn.policy.ignored:
        raise Refusal("policy/same", **facts(turn, declaration))
    return _record(turn, declaration, None if back else store(declaration, value))


def take_back(turn: Turn, taken: Row[Any]) -> dict[str, Any]:
    """Undo a change, if nothing came after it; what messages tell. Undoing an undo brings the value back."""
    turn.require(Role.ADMIN)
    take_turns(turn)
    declaration = DECLARATIONS[taken.key]
    newest = newest_change(turn, taken.key)
    if newest is not None and newest.id != taken.id:
        message = "policy/already_undone" if newest.undoes == taken.id else "policy/changed_since"
        raise Refusal(message, **{**facts(turn, declaration), **told(turn, newest)})
    if taken.old is not None:
        understood(turn, declaration, taken.old)
    return _record(turn, declaration, taken.old, undoes=taken.id)


def understood(turn: Turn, declaration: Declaration[Any], typed: str) -> Any:
    """The value that a text means for a policy; a refusal says what is right."""
    try:
        return parse(declaration, typed)
    except BadValue as bad:
        shown = typed.strip()[:LONGEST_SHOWN]
        raise Refusal("policy/bad_value", typed=shown, reason=bad.reason, **facts(turn, declaration)) from None


def take_turns(turn: Turn) -> None:
    """Decide on what is in force now: another admin may have been faster."""
    policies.take_turns(turn.connection)
    turn.policy = Policy.of(policies.in_force(turn.connection))


def _record(turn: Turn, declaration: Declaration[Any], new: str | None, undoes: int | None = None) -> dict[str, Any]:
    old = policies.in_force(turn.connection).get(declaration.key)
    before = store(declaration, turn.policy.value(declaration))
    change_id = policies.record(
        turn.connection,
        key=declaration.key,
        old=old,
        new=new,
        by=turn.person.id,
        at=turn.now,
        undoes=undoes,
    )
    turn.policy = Policy.of(policies.in_force(turn.connection))
    recounts = _follow(turn, declaration.key)
    return {**facts(turn, declaration), "change": change_id, "old": before, "recounts": recounts}


# From these a customer's due day is counted; with many customers that takes a while, so it is a job.
_DUE_DAYS = frozenset(f"cadence.{name}" for name in ("a", "b", "c", "d", "new", "new_for", "after_new")) | {"work.days"}
# From these it is planned when somebody is to be told something.
_PLANS = frozenset(
    ("brief.at", "digest.at", "work.days", "report.reminder_at", "report.late_after", "followup.evening_at")
)


def _follow(turn: Turn, key: str) -> bool:
    """Have counted anew what is stored ahead of time; True when customers' due days are."""
    if key in _PLANS:
        reminders.replan(turn)
    if key in _DUE_DAYS:
        turn.work(due_dates.JOB, 0)
    return key in _DUE_DAYS
