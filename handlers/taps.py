"""A thumb that slips: the same button pressed twice at once was meant once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram import CallbackQuery

AGAIN = timedelta(seconds=2)  # who wants a button twice looks first at what came of it
AT_MOST = 1000  # lanes that are remembered before the old ones are let go


@dataclass
class Taps:
    """The last tap of each lane that was worked off; forgotten with the process, then a second one is told so."""

    _last: dict[int, tuple[object, datetime]] = field(default_factory=dict)

    def is_again(self, lane: int, query: CallbackQuery, received_at: datetime) -> bool:
        """Whether it is the very tap that the lane took last."""
        tap, taken_at = self._last.get(lane, (None, received_at))
        return tap == _named(query) and received_at - taken_at <= AGAIN

    def note(self, lane: int, query: CallbackQuery | None, received_at: datetime) -> None:
        """The lane has taken a tap, or something that is none."""
        self._last.pop(lane, None)
        if query is None:
            return
        if len(self._last) >= AT_MOST:
            self._last = {of: (tap, at) for of, (tap, at) in self._last.items() if received_at - at <= AGAIN}
        self._last[lane] = (_named(query), received_at)


def _named(query: CallbackQuery) -> object:
    return (query.message.message_id if query.message is not None else None, query.data)
