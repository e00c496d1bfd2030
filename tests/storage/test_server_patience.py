"""How long we wait for a PostgreSQL server, and what an operator may say of it in his address."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from storage.database import Connection, Database, DatabaseAway


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and says nothing, as behind a wall that drops packets."""
    with socket.create_server(("127.0.0.1", 0)) as listening:  # nobody accepts: the system alone answers the call
        yield f"postgresql+psycopg://rounds@127.0.0.1:{listening.getsockname()[1]}/rounds"


@pytest.mark.parametrize(("said", "least", "most"), [("", 4, 8), ("?connect_timeout=2", 1, 4)])
async def test_a_silent_server_is_given_up_after_the_time_that_the_address_says(
    silent: str, said: str, least: float, most: float
) -> None:
    database = Database(silent + said)
    began = asyncio.get_running_loop().time()
    with pytest.raises(DatabaseAway):
        await database.read(lambda c: c.execute(text("SELECT 1")).scalar())
    assert least < asyncio.get_running_loop().time() - began < most
    await database.close()


async def test_what_the_address_says_to_the_server_is_added_to_what_we_say(postgres_url: str) -> None:
    url = make_url(postgres_url).update_query_dict({"options": "-c statement_timeout=7s"})
    database = Database(url.render_as_string(hide_password=False))

    def read(connection: Connection) -> list[str]:
        names = ("statement_timeout", "idle_in_transaction_session_timeout")
        return [str(connection.execute(text(f"SHOW {name}")).scalar()) for name in names]

    assert await database.read(read) == ["7s", "1min"]
    await database.close()
