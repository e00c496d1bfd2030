"""What an operator sees of updates that were put aside after they failed for good, and how he puts them back.

Nothing of what people wrote is shown: number, time, fault, and the kind of thing that it was.
"""

import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from storage import aside
from storage.aside import Aside
from storage.database import Database

_ASIDE_FROM_CONTENT = {"message_id", "from", "chat", "date", "edit_date", "via_bot", "entities", "reply_to_message"}
NOTHING = "Nothing is put aside: every update has had its effect."


async def listing(database: Database, zone: ZoneInfo) -> list[str]:
    """A line for each update in quarantine, and what to do; times are local to `zone`."""
    found = await database.read(aside.list_quarantined)
    if not found:
        return [NOTHING]
    rows = [("seq", "received", "fault", "what")]
    rows += [
        (str(one.seq), f"{one.received_at.astimezone(zone):%Y-%m-%d %H:%M:%S}", one.error, kind(one)) for one in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    seqs = " ".join(row[0] for row in rows[1:4])
    return [*lines, "", f"Once the fault is mended: rounds replay {seqs}, or rounds replay --all"]


async def put_back(database: Database, seqs: Sequence[int] | None) -> tuple[list[int], list[int]]:
    """Have updates tried again, all for None; those that were put back, and those that are not in quarantine."""
    back = await database.write(lambda connection: aside.replay(connection, seqs))
    return back, sorted(set(seqs or ()) - set(back))


def kind(one: Aside) -> str:
    """What an update is, without what it says: `message: photo, caption`."""
    update = json.loads(one.raw)
    name = next((key for key in update if key != "update_id"), "empty")
    body = update.get(name)
    if name not in ("message", "edited_message") or not isinstance(body, dict):
        return name
    content = [key for key in body if key not in _ASIDE_FROM_CONTENT]
    return f"{name}: {', '.join(content) or 'nothing'}"
