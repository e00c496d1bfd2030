"""Find customers among hundreds of thousands by part of a name, pinyin, initials, phone or tag, with typos."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Connection, Select, Table, and_, delete, insert, select, union_all

from storage.search_keys import entry_prefix, index_entries, is_chinese, query_words, search_keys, sound_of

# How many customers are weighed against each other. A word that begins more than this is too common to choose well
# by anyway, and each costs 10 µs.
_EXACT_LIMIT = 400
_NEAR_LIMIT = 1_000
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class CustomerIndex:
    """The search over two tables: `keys` (key, customer_id) and `customers` (id, search_text, owner_id).

    Every beginning that finds a customer is a row of `keys`, so a search is a range of its primary key: 0.1 ms where
    a scan with LIKE takes 35 to 100 ms over 200,000 customers. `keys.key` must compare by bytes (BINARY in SQLite,
    COLLATE "C" in PostgreSQL), and `search_text` holds the whole names, by which the found are weighed.
    """

    keys: Table
    customers: Table

    def put(self, connection: Connection, customer_id: int, entries: Iterable[str]) -> None:
        """Replace what finds the customer by these entries (of `index_entries`)."""
        self.put_all(connection, {customer_id: entries})

    def put_all(self, connection: Connection, entries: Mapping[int, Iterable[str]]) -> None:
        """The same for many, by customer id: 60 µs each in SQLite once their entries are known."""
        keys = self.keys.c
        connection.execute(delete(self.keys).where(keys.customer_id.in_(list(entries))))
        # In the order of the primary key, or a large import would jump all over its pages.
        rows = sorted((key, customer_id) for customer_id, own in entries.items() for key in own)
        if rows:
            values = [{"key": key, "customer_id": customer_id} for key, customer_id in rows]
            connection.execute(insert(self.keys), values)

    def find(
        self, connection: Connection, text: str, *, visible: ColumnElement[bool] | None = None, limit: int = 20
    ) -> list[int]:
        """Ids of the customers that hold every word of the text, best first; if there are none, those that nearly do.

        `visible` restricts the columns of `customers` to what the person may see.
        """
        asked = query_words(text)
        if not asked:
            return []
        texts = self._texts(connection, self._holding(asked, visible))
        found = sorted((_place(asked, keys), customer_id) for customer_id, keys in texts.items())
        if not found:
            found = sorted(self._near(connection, asked, visible))
        return [customer_id for _, customer_id in found[:limit]]

    def _holding(self, asked: Sequence[str], visible: ColumnElement[bool] | None) -> Select[tuple[int]]:
        """Customers with an entry for each of the words; the longest word is looked up first, the others among those."""
        first, *others = sorted(asked, key=lambda word: (-len(word.encode()), word))
        return self._restricted(self._beginning_with(first), visible, others).limit(_EXACT_LIMIT)

    def _near(
        self, connection: Connection, asked: Sequence[str], visible: ColumnElement[bool] | None
    ) -> Iterator[tuple[tuple[float, ...], int]]:
        """The customers that hold nearly every word, and how far from it each is."""
        pieces = {piece for word in asked for piece in _pieces(word)}
        if not pieces:
            return
        parts = [
            select(self._restricted(self._beginning_with(piece), visible).limit(_NEAR_LIMIT).subquery())
            for piece in sorted(pieces)
        ]
        texts = self._texts(connection, union_all(*parts))
        for customer_id, keys in texts.items():
            likeness = [_likeness(word, keys) for word in asked]
            if all(likeness):
                yield (-sum(likeness), float(len(keys[0]))), customer_id
