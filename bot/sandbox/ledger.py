"""Everything the people sent and were shown, in order: the judge outside the product of what was lost or doubled."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.sandbox.wire import JSON

_FIELDS = ("seq", "at", "bot_id", "chat_id", "person_id", "what", "message_id", "text", "callback_data")
_Row = tuple[int, float, int, int | None, int | None, str, int | None, str | None, str | None, JSON | None]


class Ledger:
    """A list that only grows. A row is a tuple, as a benchmark writes hundreds of thousands of them."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._seq = 0

    def add(
        self,
        at: float,
        bot_id: int,
        what: str,
        *,
        chat_id: int | None = None,
        person_id: int | None = None,
        message_id: int | None = None,
        text: str | None = None,
        callback_data: str | None = None,
        more: JSON | None = None,
    ) -> None:
        """Write down one deed: sent, tapped, edited (by the person), shown, changed … `at` in seconds since 1970."""
        self._seq += 1
        self._rows.append((self._seq, at, bot_id, chat_id, person_id, what, message_id, text, callback_data, more))

    def rows(self) -> Iterator[JSON]:
        """All rows as JSON objects; `at` is an ISO instant in UTC."""
        for row in self._rows:
            entry = {name: value for name, value in zip(_FIELDS, row, strict=False) if value is not None}
            entry["at"] = datetime.fromtimestamp(row[1], UTC).isoformat()
            if row[-1]:
                entry.update(row[-1])
            yield entry

    def reset(self) -> None:
        """Start with an empty page; the numbers go on."""
        self._rows.clear()
