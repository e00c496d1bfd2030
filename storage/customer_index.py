"""Find customers among hundreds of thousands by part of a name, pinyin, initials, phone or tag, with typos."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, Table, and_, delete, insert, select, union_all

from storage.search_keys import entry_prefix
from storage.search_rank import Asked, likeness, pieces, place, read_question

# How many customers are weighed against each other. What more begin with is too common to choose well by anyway.
_EXACT_LIMIT = 400
_NEAR_LIMIT = 500  # for each piece of the words
_AT_ONCE = 500  # customers to a statement; SQLite takes no more than 32,766 values
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class CustomerIndex:
    """The search over two tables: `keys` (key, customer_id) and `customers` (id, search_text).

    Every beginning that finds a customer is a row of `keys`, so a search is a range of its primary key: 0.1 ms where
    a scan with LIKE takes 35 to 100 ms over 200,000 customers. `keys.key` must compare by bytes (as SQLite does;
    COLLATE "C" in PostgreSQL), and `search_text` holds `search_keys` in lines, by which the found are weighed.
    """

    keys: Table
    customers: Table

    def put(self, connection: Connection, entries: Mapping[int, Iterable[str]]) -> None:
        """Replace what finds these customers, by id, with their `index_entries`."""
        keys, waiting = self.keys, iter(entries.items())
        while some := list(islice(waiting, _AT_ONCE)):
            connection.execute(delete(keys).where(keys.c.customer_id.in_([customer_id for customer_id, _ in some])))
            # In the order of the primary key, or each row would touch a page of its own.
            rows = sorted((key, customer_id) for customer_id, own in some for key in own)
            if rows:
                connection.execute(insert(keys), [{"key": key, "customer_id": owner} for key, owner in rows])

    def find(
        self, connection: Connection, text: str, *, visible: ColumnElement[bool] | None = None, limit: int = 20
    ) -> list[int]:
        """Ids of the customers that hold every word of the text, best first; if none does, those that nearly do.

        `visible` is what the person may see, as a condition on the columns of `customers`.
        """
        asked = read_question(text)
        if not asked:
            return []
        found: list[tuple[tuple[float, float], int]] = [
            (place(asked, names), customer_id)
            for customer_id, names in self._names(connection, self._holding(asked, visible))
        ]
        if not found:
            found = list(self._near(connection, asked, visible))
        return [customer_id for _, customer_id in sorted(found)[:limit]]

    def _holding(self, asked: Sequence[Asked], visible: ColumnElement[bool] | None) -> Select[tuple[int]]:
        """Customers with an entry for each word: a range for the longest word, and the others looked up in theirs."""
        first, *others = sorted((each.word for each in asked), key=lambda word: (-len(word.encode()), word))
        # `+ 0` keeps SQLite from walking the other words' customers instead of the range: 6 ms, not 40.
        also = [(self.keys.c.customer_id + 0).in_(self._beginning_with(other)) for other in others]
        return self._among(self._beginning_with(first).where(*also), visible, _EXACT_LIMIT)

    def _near(
        self, connection: Connection, asked: Sequence[Asked], visible: ColumnElement[bool] | None
    ) -> Iterator[tuple[tuple[float, float], int]]:
        ranges = [
            select(self._among(self._beginning_with(piece), visible, _NEAR_LIMIT).subquery())
            for piece in sorted({piece for each in asked for piece in pieces(each)})
        ]
        for customer_id, names in self._names(connection, union_all(*ranges)):
            likenesses = [likeness(each, names) for each in asked]
            if all(likenesses):
                yield (-sum(likenesses), len(names[0])), customer_id

    def _beginning_with(self, word: str) -> Select[tuple[int]]:
        prefix, keys = entry_prefix(word), self.keys.c
        return select(keys.customer_id).where(and_(keys.key >= prefix, keys.key < prefix + _LAST))

    def _among(
        self, entries: Select[tuple[int]], visible: ColumnElement[bool] | None, limit: int
    ) -> Select[tuple[int]]:
        if visible is not None:
            entries = entries.join(self.customers, self.customers.c.id == self.keys.c.customer_id).where(visible)
        return entries.order_by(self.keys.c.key, self.keys.c.customer_id).limit(limit)

    def _names(
        self, connection: Connection, ids: Select[tuple[int]] | CompoundSelect[tuple[int]]
    ) -> Iterator[tuple[int, list[str]]]:
        customers = self.customers.c
        for row in connection.execute(select(customers.id, customers.search_text).where(customers.id.in_(ids))):
            yield row.id, row.search_text.split("\n")
