"""Tells those who wait for a unit of work what came of it, in the event loop."""

import asyncio
from collections.abc import Iterable
from typing import Any

Outcome = tuple["asyncio.Future[Any]", Any, Exception | None]
"""Who waits, what the unit returned, and what it raised instead."""


def answer(done: Iterable[Outcome]) -> None:
    """Answer everybody who has not given up waiting."""
    for future, result, failure in done:
        if future.done():
            continue
        if failure is None:
            future.set_result(result)
        else:
            future.set_exception(failure)
