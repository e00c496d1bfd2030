"""A database meets another Telegram than it knew: what it holds of the old one's side is of no use, and goes."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from storage.database import Connection
from storage.tables import InboxRow, JobRow, OutboxRow, ShownRow, table

INBOX, OUTBOX, SHOWN, JOB = table(InboxRow), table(OutboxRow), table(ShownRow), table(JobRow)


def forget(connection: Connection) -> None:
    """Drop ids of updates and messages, and what waited for the old chats; people, visits and places in talks stay.

    Update ids may come again, and would be taken for doubles; a slot would edit somebody else's message; a file
    that waits to be fetched is gone. The inbox's rows stay: their numbers must not be given a second time.
    """
    connection.execute(update(INBOX).values(update_id=-INBOX.c.seq, state="done"))
    connection.execute(delete(SHOWN))
    connection.execute(update(OUTBOX).where(OUTBOX.c.state.in_(("waiting", "sending"))).values(state="superseded"))
    connection.execute(update(JOB).where(JOB.c.state == "waiting").values(state="failed", error="another Telegram"))


def find_last_instant(connection: Connection) -> datetime | None:
    """When something was last received or said; None where nothing ever was."""
    received = connection.execute(select(func.max(INBOX.c.received_at))).scalar()
    said = connection.execute(select(func.max(OUTBOX.c.created_at))).scalar()
    return max((at for at in (received, said) if at is not None), default=None)
