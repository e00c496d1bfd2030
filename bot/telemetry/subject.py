"""Who and what the work in hand is about, so that every log line says so without being told."""

from contextvars import ContextVar, Token

# The mapping is the scope's own, so that a thread that does its work may add the person behind an update to it.
# Whole numbers of ours alone: update, person, job, message. Nothing else may pass the log's scrubber.
_SUBJECT: ContextVar[dict[str, int] | None] = ContextVar("subject", default=None)


class about:  # noqa: N801 - reads as what it is: `with about(update=row.seq): …`
    """Log lines inside carry these numbers. A class, as contextlib's way costs four times as much (0.3 µs)."""

    __slots__ = ("_numbers", "_token")

    def __init__(self, **numbers: int | None) -> None:
        self._numbers = {name: number for name, number in numbers.items() if number is not None}

    def __enter__(self) -> None:
        self._token: Token[dict[str, int] | None] = _SUBJECT.set(self._numbers)

    def __exit__(self, *_fault: object) -> None:
        _SUBJECT.reset(self._token)


def current() -> dict[str, int]:
    """What is known of the work in hand, to be read, or added to by who learns more; outside of a scope a blank."""
    subject = _SUBJECT.get()
    return subject if subject is not None else {}
