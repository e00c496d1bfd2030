"""Connections to PostgreSQL: a pool that notices without asking when the server has hung up."""

import select
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError

CONNECTIONS = 8
# A transaction that its process no longer moves on (stopped, or cut off) must not hold a person's lane for ever
ABANDONED = "idle_in_transaction_session_timeout=60s"
CLOSED = select.POLLHUP | select.POLLERR | select.POLLIN  # nobody has asked: what is there to read is the end

# A machine that went without a word is noticed in seconds; TCP alone would wait for a quarter of an hour. What the
# operator's address says of these counts instead.
PATIENCE = {
    "connect_timeout": 5,  # seconds, for each address of the host
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}


def server_engine(url: str, **more: Any) -> Engine:
    """The engine; `more` goes to SQLAlchemy's create_engine."""
    said = make_url(url).query  # SQLAlchemy would let what is given here hide it
    patience = {name: value for name, value in PATIENCE.items() if name not in said}
    options = " ".join((f"-c {ABANDONED}", *_words(said.get("options"))))  # of two settings the later one counts
    # `wire` prepares what is worth it; psycopg's own prepared statements would drop ours with every rollback
    given = {"prepare_threshold": None, "options": options, **patience}
    engine = create_engine(url, pool_size=CONNECTIONS, max_overflow=0, hide_parameters=True, connect_args=given, **more)

    @event.listens_for(engine, "checkout")
    def _look(driver: Any, _record: Any, _proxy: Any) -> None:
        """A question to the server would cost as much as a statement; a closed socket is seen for nothing."""
        waiting = select.poll()
        waiting.register(driver.fileno(), CLOSED)
        if driver.closed or waiting.poll(0):
            raise DisconnectionError("the server has closed the connection")

    return engine


def _words(given: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """What an address says of one thing: nothing, once, or several times."""
    return (given,) if isinstance(given, str) else given or ()
