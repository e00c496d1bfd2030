"""Faults on order: what goes wrong between a bot and Telegram, how often, and after how many calls."""

from dataclasses import dataclass

from bot.sandbox.wire import JSON, SimError

KINDS = frozenset({"429", "500", "400", "403", "timeout_after", "drop", "slow", "migrate"})

LOST_ANSWER_S = 30.0
"""A `timeout_after` keeps the connection open without an answer for this long, unless told otherwise."""
SLOW_S = 1.0


@dataclass(slots=True)
class Fault:
    """Strikes `times` calls of `method` (`*`: any), once `after` matching calls have passed unharmed.

    429, 500, 403 and 400 (with its `description`) refuse; `drop` closes the connection before anything is done;
    `timeout_after` does the work and never answers; `slow` answers `seconds` later; `migrate` turns the addressed
    group into a supergroup.
    """

    method: str
    kind: str
    times: int
    after: int
    retry_after: int
    seconds: float
    chat_id: int | None
    description: str = ""

    def described(self) -> JSON:
        """What /sim/faults tells."""
        return {
            "method": self.method,
            "kind": self.kind,
            "times": self.times,
            "after": self.after,
            "retry_after": self.retry_after,
            "seconds": self.seconds,
            "chat_id": self.chat_id,
            "description": self.description,
        }


class Faults:
    """The faults that are still to strike, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, wanted: JSON) -> Fault:
        """A fault from {method, kind, times?, after?, retry_after?, seconds?, chat_id?, description?}."""
        kind = str(wanted.get("kind", ""))
        if kind not in KINDS:
            raise SimError(400, f"kind must be one of {', '.join(sorted(KINDS))}")
        try:
            fault = Fault(
                method=str(wanted.get("method", "*")).lower(),
                kind=kind,
                times=int(wanted.get("times", 1)),
                after=int(wanted.get("after", 0)),
                retry_after=int(wanted.get("retry_after", 1)),
                seconds=float(wanted.get("seconds", LOST_ANSWER_S if kind == "timeout_after" else SLOW_S)),
                chat_id=None if wanted.get("chat_id") is None else int(wanted["chat_id"]),
                description=str(wanted.get("description", "")),
            )
        except (TypeError, ValueError) as error:
            raise SimError(400, f"not a number: {error}") from error
        self._waiting.append(fault)
        return fault

    def strike(self, method: str, params: JSON) -> Fault | None:
        """The fault that hits this call, if one does; counts the call for all faults before it."""
        for fault in self._waiting:
            if fault.method not in ("*", method):
                continue
            if fault.chat_id is not None and str(params.get("chat_id")) != str(fault.chat_id):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self._waiting.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._waiting.clear()

    def waiting(self) -> list[JSON]:
        """The faults still to strike."""
        return [fault.described() for fault in self._waiting]
