"""Changes a policy at a level: checked, kept with who and when, in force at once, and taken back on request."""

from typing import Any

from bot.domain.audit import Area
from bot.domain.conversation import Refusal
from bot.domain.people import Role
from bot.domain.policy import DECLARATIONS, BadValue, Declaration, Scope, parse, store
from bot.domain.policy_scopes import COMPANY, Level, Voice
from bot.services import audit, due_dates, policy_levels, reminders
from bot.services.turn import Turn
from storage import policies
from storage.database import Row

# Words that stand for "no value of our own"; no kind of value can be written like that.
DEFAULT_WORDS = frozenset(("default", "none", "默认", "默认值", "缺省", "无"))
SHOWN_CHANGES = 3
LONGEST_SHOWN = 60


def facts(turn: Turn, declaration: Declaration[Any], level: Level = COMPANY) -> dict[str, Any]:
    """What messages tell of a policy at a level, values as `policy.store` writes them.

    `value` applies there, and `voices` are all that speak for it, the one that applies first; `own` says whether this
    very level has a value. `changed` is it when the value is not the default (of the company), or own (of another
    level). `unfit` is a stored text that this release cannot take, so that it says nothing.
    """
    voices = turn.rules.voices(declaration, policy_levels.asked_at(turn, level))
    own = turn.rules.set_at(declaration, level) is not None
    value = voices[0].value
    return {
        "rule": declaration.key,
        "kind": declaration.kind.value,
        "value": store(declaration, value),
        "default": store(declaration, declaration.default),
        "least": None if declaration.least is None else store(declaration, declaration.least),
        "most": None if declaration.most is None else store(declaration, declaration.most),
        "choices": list(declaration.choices),
        "level": policy_levels.level_json(turn, level),
        "own": own,
        "changed": value != declaration.default if level == COMPANY else own,
        "voices": voices_json(turn, declaration, voices),
        "unfit": turn.rules.unfit.get(level, {}).get(declaration.key),
    }


def voices_json(turn: Turn, declaration: Declaration[Any], voices: list[Voice]) -> list[dict[str, Any]]:
    """Who says what, for messages."""
    levels = policy_levels.levels_json(turn, [voice.level for voice in voices])
    return [
        {"value": store(declaration, voice.value), "source": voice.source.value, "level": level}
        for voice, level in zip(voices, levels, strict=True)
    ]


def newest_change(turn: Turn, key: str, level: Level = COMPANY) -> Row[Any] | None:
    """The last change of a policy at a level."""
    return next(iter(policies.list_changes(turn.connection, key=key, level=level, limit=1)), None)


def history(turn: Turn, declaration: Declaration[Any], level: Level = COMPANY) -> list[dict[str, Any]]:
    """The last changes of a policy at a level, newest first."""
    changes = policies.list_changes(turn.connection, key=declaration.key, level=level, limit=SHOWN_CHANGES)
    return [told(turn, change) for change in changes]


def level_of_change(change: Row[Any]) -> Level:
    """At which level a change was made."""
    return Level(Scope(change.scope), change.subject)


def told(turn: Turn, change: Row[Any]) -> dict[str, Any]:
    """What messages tell of a change: who (None: the reader himself), when, old and new value.

    A value of None is that the level had nothing of its own; the company then has the default.
    """
    declaration = DECLARATIONS[change.key]
    default = store(declaration, declaration.default) if level_of_change(change) == COMPANY else None
    return {
        "change": change.id,
        "who": None if change.changed_by == turn.person.id else change.name,
        "when": change.changed_at.isoformat(),
        "old": default if change.old is None else change.old,
        "new": default if change.new is None else change.new,
        "undoes": change.undoes is not None,
    }


def change(turn: Turn, declaration: Declaration[Any], typed: str, level: Level = COMPANY) -> dict[str, Any]:
    """Give a policy the value that was typed or tapped, or take it away again; what messages tell of the change."""
    turn.require(Role.ADMIN)
    may_stand(declaration, level)
    take_turns(turn)
    back = typed.strip().casefold() in DEFAULT_WORDS
    value = None if back else understood(turn, declaration, typed)
    has = turn.rules.set_at(declaration, level)
    is_unfit = declaration.key in turn.rules.unfit.get(level, {})
    if level == COMPANY:
        has, value_then = turn.policy.value(declaration), declaration.default if value is None else value
    else:
        value_then = value
    if has == value_then and not is_unfit:
        raise Refusal("policy/same", **facts(turn, declaration, level))
    return _record(turn, declaration, level, None if value is None else store(declaration, value))


def may_stand(declaration: Declaration[Any], level: Level) -> None:
    """Refuse a level that this policy does not have."""
    if level.scope not in declaration.may_vary_by:
        scopes = [scope.value for scope in Scope if scope in declaration.may_vary_by]
        raise Refusal("policy/no_such_level", rule=declaration.key, scope=level.scope.value, scopes=scopes)


def take_back(turn: Turn, taken: Row[Any]) -> dict[str, Any]:
    """Undo a change, if nothing came after it; what messages tell. Undoing an undo brings the value back."""
    turn.require(Role.ADMIN)
    take_turns(turn)
    declaration, level = DECLARATIONS[taken.key], level_of_change(taken)
    newest = newest_change(turn, taken.key, level)
    if newest is not None and newest.id != taken.id:
        message = "policy/already_undone" if newest.undoes == taken.id else "policy/changed_since"
        raise Refusal(message, **{**facts(turn, declaration, level), **told(turn, newest)})
    if taken.old is not None:
        understood(turn, declaration, taken.old)
    return _record(turn, declaration, level, taken.old, undoes=taken.id)


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
    turn.rules = policies.read_rules(turn.connection)


def _record(
    turn: Turn, declaration: Declaration[Any], level: Level, new: str | None, undoes: int | None = None
) -> dict[str, Any]:
    before = facts(turn, declaration, level)["value"]
    old = policies.in_force(turn.connection, level).get(declaration.key)
    change_id = policies.record(
        turn.connection,
        key=declaration.key,
        level=level,
        old=old,
        new=new,
        by=turn.person.id,
        at=turn.now,
        undoes=undoes,
    )
    subject = declaration.key if level == COMPANY else f"{declaration.key}@{level.scope.value}:{level.subject}"
    audit.note(turn, Area.POLICY, "changed" if undoes is None else "undone", subject, old, new)
    turn.rules = policies.read_rules(turn.connection)
    recounts = _follow(turn, declaration.key)
    return {**facts(turn, declaration, level), "change": change_id, "old": before, "recounts": recounts}


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
