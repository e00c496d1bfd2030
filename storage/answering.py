"""Tells those who wait for a unit of work what came of it, in the event loop."""

import asyncio
from collections.abc import Callable, Iterable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

Unit = Callable[[Connection], Any]
Then = Callable[[Any], None]


@dataclass(frozen=True)
class Entry:
    """A unit, who waits for it, and what is to happen `then`, once it is committed, though he waits no longer."""

    unit: Unit
    future: "asyncio.Future[Any]"
    then: Then | None = None
    brief: bool = True
    context: Context = field(default_factory=copy_context)  # of whoever handed it in


Outcome = tuple[Entry, Any, Exception | None]
"""What was handed in, what the unit returned, and what it raised instead."""


def answer(done: Iterable[Outcome]) -> None:
    """Do what is to follow, and answer everybody who has not given up waiting."""
    for entry, result, failure in done:
        if failure is None and entry.then is not None:
            # not here: what fails in it is its own affair, and the others still wait for their answers
            entry.future.get_loop().call_soon(entry.then, result, context=entry.context)
        if entry.future.done():
            continue
        if failure is None:
            entry.future.set_result(result)
        else:
            entry.future.set_exception(failure)
