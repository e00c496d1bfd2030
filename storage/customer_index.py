"""Find customers among hundreds of thousands by part of a name, pinyin, initials, phone or tag, with typos."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    intersect,
    literal,
    select,
    union_all,
)

from storage.search_keys import entry_prefix
from storage.search_rank import Asked, likeness, pieces, place, read_question

# How many customers are weighed against each other. What more begin with is too common to choose well by anyway.
_EXACT_LIMIT = 400
_NEAR_LIMIT = 500  # for each piece of the words
_SIFTED = 5  # so many times as many are looked up when what the person may not see is taken out afterwards
_AT_ONCE = 500  # customers to a statement; SQLite takes no more than 32,766 values
QUESTION_MOST = 120  # characters: a name; a pasted page would make a query of a thousand parts
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
    few: int = 2_000  # as many customers as a person's search may look at one by one; takes 20 ms

    def put(self, connection: Connection, entries: Mapping[int, Iterable[str]]) -> None:
        """Replace what finds these customers, by id, with their `index_entries`."""
        keys, waiting = self.keys, iter(entries.items())
        while some := list(islice(waiting, _AT_ONCE)):
            connection.execute(delete(keys).where(keys.c.customer_id.in_([customer_id for customer_id, _ in some])))
            # In the order of the primary key, or each row would touch a page of its own.
            self._insert(connection, sorted((key, customer_id) for customer_id, own in some for key in own))

    def _insert(self, connection: Connection, rows: Sequence[tuple[str, int]]) -> None:
        if not rows:
            return
        if connection.dialect.name == "postgresql":
            # As two arrays: row by row takes PostgreSQL several times as long.
            keys, owners = ([row[column] for row in rows] for column in (0, 1))
            columns = select(func.unnest(literal(keys, ARRAY(Text))), func.unnest(literal(owners, ARRAY(BigInteger))))
            connection.execute(insert(self.keys).from_select(["key", "customer_id"], columns))
        else:
            connection.execute(insert(self.keys), [{"key": key, "customer_id": owner} for key, owner in rows])

    def find(
        self, connection: Connection, text: str, *, visible: ColumnElement[bool] | None = None, limit: int = 20
    ) -> list[int]:
        """Ids of the customers that hold every word of the text, best first; if none does, those that nearly do.

        `visible` is what the person may see, as a condition on the columns of `customers`.
        """
        asked = read_question(text[:QUESTION_MOST])
        if not asked:
            return []
        few = None if visible is None else self._few(connection, visible)
        sifted = visible if few is None else None
        held = self._names(connection, self._holding(asked, few, sifted is not None), sifted)
        found: list[tuple[tuple[float, float], int]] = [(place(asked, names), one) for one, names in held]
        if not found:
            # Of few, all are weighed.
            nearly = self._sharing_a_piece(asked, sifted is not None) if few is None else few
            found = [
                ((-sum(likenesses), len(names[0])), one)
                for one, names in self._names(connection, nearly, sifted)
                if all(likenesses := [likeness(each, names) for each in asked])
            ]
        return [one for _, one in sorted(found)[:limit]]

    def _few(self, connection: Connection, visible: ColumnElement[bool]) -> Select[tuple[int]] | None:
        """The ids of what the person may see, if these are few enough to begin with; a rep's are."""
        ids = select(self.customers.c.id).where(visible)
        count = select(func.count()).select_from(ids.limit(self.few + 1).subquery())
        return ids if connection.execute(count).scalar_one() <= self.few else None

    def _holding(
        self, asked: Sequence[Asked], few: Select[tuple[int]] | None, to_sift: bool
    ) -> Select[tuple[int]] | CompoundSelect[tuple[int]]:
        """Customers, among few if these are given, with an entry for each word."""
        ranges = [self._beginning_with(each.word) for each in asked]
        if few is not None:
            ranges.append(few)
        limit = _EXACT_LIMIT * (_SIFTED if to_sift else 1)
        if len(ranges) == 1:
            return self._in_order(ranges[0], limit)
        # An intersection leaves nothing to plan: PostgreSQL takes every range for one row, and joins 15,000 rows
        # with 13,000 in a nested loop for five seconds.
        return intersect(*ranges).limit(limit)

    def _sharing_a_piece(self, asked: Sequence[Asked], to_sift: bool) -> CompoundSelect[tuple[int]]:
        """Customers with an entry for a piece of one of the words."""
        wanted = sorted({piece for each in asked for piece in pieces(each)})
        limit = _NEAR_LIMIT * (_SIFTED if to_sift else 1)
        ranges = (self._in_order(self._beginning_with(piece), limit) for piece in wanted)
        return union_all(*(select(entries.subquery()) for entries in ranges))

    def _beginning_with(self, word: str) -> Select[tuple[int]]:
        prefix, keys = entry_prefix(word), self.keys.c
        return select(keys.customer_id).where(and_(keys.key >= prefix, keys.key < prefix + _LAST))

    def _in_order(self, entries: Select[tuple[int]], limit: int) -> Select[tuple[int]]:
        return entries.order_by(self.keys.c.key, self.keys.c.customer_id).limit(limit)

    def _names(
        self,
        connection: Connection,
        ids: Select[tuple[int]] | CompoundSelect[tuple[int]],
        visible: ColumnElement[bool] | None,
    ) -> Iterator[tuple[int, list[str]]]:
        customers = self.customers.c
        named = select(customers.id, customers.search_text).where(customers.id.in_(ids))
        for row in connection.execute(named if visible is None else named.where(visible)):
            yield row.id, row.search_text.split("\n")
