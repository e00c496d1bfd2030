"""Who and what the work in hand is about, so that every log line says so without being told."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# The mapping is the scope's own: who learns more of its subject (the person behind an update) adds it for all that
# follows. Whole numbers of ours alone: update, person, job, message. Nothing else may pass the log's scrubber.
_SUBJECT: ContextVar[dict[str, int] | None] = ContextVar("subject", default=None)


@contextmanager
def about(**numbers: int | None) -> Iterator[None]:
    """Log lines inside carry these numbers: `with about(update=row.seq): …`"""
    token = _SUBJECT.set({name: number for name, number in numbers.items() if number is not None})
    try:
        yield
    finally:
        _SUBJECT.reset(token)


def add(**numbers: int) -> None:
    """The surrounding scope has learned more of its subject; nothing outside of one."""
    subject = _SUBJECT.get()
    if subject is not None:
        subject.update(numbers)


def current() -> dict[str, int]:
    """What is known of the work in hand."""
    return _SUBJECT.get() or {}
