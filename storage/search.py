"""Finding a customer by what a person types, among those that he may see."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, or_, update

from bot.domain.customer import Customer
from storage import customers
from storage.customer_index import CustomerIndex
from storage.search_keys import index_entries, search_keys
from storage.tables import CustomerRow, SearchKeyRow, table

CUSTOMER = table(CustomerRow)
INDEX = CustomerIndex(keys=table(SearchKeyRow), customers=CUSTOMER)
_SET_TEXT = update(CUSTOMER).where(CUSTOMER.c.id == bindparam("of_id")).values(search_text=bindparam("new_text"))


def index(connection: Connection, changed: Sequence[Customer]) -> None:
    """Make customers findable, in the transaction that stores them."""
    if not changed:
        return
    texts = [{"of_id": one.id, "new_text": "\n".join(search_keys(one.name, one.aliases))} for one in changed]
    connection.execute(_SET_TEXT, texts)
    INDEX.put(
        connection,
        {
            one.id: index_entries(one.name, one.aliases, external_id=one.external_id, phone=one.phone, tags=one.tags)
            for one in changed
        },
    )


def find(connection: Connection, text: str, *, owners: Collection[int] | None, limit: int) -> list[Customer]:
    """The best fits first; `owners` keeps to customers of these people and of nobody, None sees all."""
    visible = None
    if owners is not None:
        visible = or_(CUSTOMER.c.owner_id.in_(list(owners)), CUSTOMER.c.owner_id.is_(None))
    ids = INDEX.find(connection, text, visible=visible, limit=limit)
    found = customers.list_by_ids(connection, ids)
    return [found[customer_id] for customer_id in ids]
