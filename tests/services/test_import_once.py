"""A customer list comes in once, or not at all: sent twice, worked twice, broken off, changed under way, let go."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from desk_talk import Guest
from registry import CUSTOMER, GOOD, IMPORT, Registry

from bot.domain.customer_owners import Owners
from bot.domain.customer_sheet import read_customers
from bot.media.worksheets import read_sheet
from bot.services.desk import Desk
from bot.services.worker import NotNow
from storage import customers, imports, search
from storage.database import Database


async def test_the_same_list_again_changes_nothing(registry: Registry, ann: Guest) -> None:
    for _ in range(2):
        said = await registry.send(ann, GOOD)
        if "Import" in "".join(ann.labels):
            await ann.taps("Import 2")
            await registry.work(ann)
    assert "all 2 customers are known just like this" in said
    assert len(await registry.rows(CUSTOMER)) == 2
    assert [row.state for row in await registry.rows(IMPORT)] == ["applied", "unchanged"]


async def test_a_job_that_is_done_twice_writes_once(registry: Registry, ann: Guest) -> None:
    await registry.send(ann, GOOD)
    await ann.taps("Import 2")
    (job,) = await registry.due()
    for _ in range(2):
        await registry.imports.apply(job)
    await registry.read(ann)
    assert len(await registry.rows(CUSTOMER)) == 2
    assert sum("is imported" in said.text for said in ann.screen.values()) == 1


class PowerCut(Exception):  # noqa: N818 - named as what happened
    """Nothing goes on from here."""


@dataclass
class CutOff:
    """A desk whose power fails after some transactions."""

    desk: Desk
    transactions: int

    def __getattr__(self, name: str) -> Any:
        if name in ("act", "decide", "finish"):
            self.transactions -= 1
            if self.transactions < 0:
                raise PowerCut
        return getattr(self.desk, name)


@pytest.mark.parametrize("after", [0, 1, 2])
async def test_an_import_that_was_broken_off_is_finished_once(registry: Registry, ann: Guest, after: int) -> None:
    await registry.send(ann, GOOD)
    await ann.taps("Import 2")
    (job,) = await registry.due()
    with pytest.raises(PowerCut):
        await replace(registry.imports, desk=CutOff(registry.office.desk, after)).apply(job)
    assert len(await registry.rows(CUSTOMER)) == (2 if after else 0)
    assert "2 new, 0 changed" in await registry.work(ann)
    assert len(await registry.rows(CUSTOMER)) == 2
    found = await registry.office.database.read(lambda c: search.find(c, "harb", owners=None, limit=5))
    assert len(found) == 1


async def test_what_changed_since_the_preview_is_shown_again_before_anything_is_written(
    registry: Registry, ann: Guest
) -> None:
    await registry.send(ann, GOOD)
    now = registry.office.now
    await registry.office.database.write(
        lambda c: customers.add(c, name="Harbour Bakery", external_id="K-1", created_at=now)
    )
    await ann.taps("Import 2")
    said = await registry.work(ann)
    assert "1 new · 1 changed · 0 unchanged" in said
    assert any("Customers have changed since I showed you the list" in each.text for each in ann.screen.values())
    assert len(await registry.rows(CUSTOMER)) == 1
    await ann.taps("Import 2")
    assert "1 new, 1 changed" in await registry.work(ann)


async def test_what_changes_while_it_is_compared_is_noticed(registry: Registry, ann: Guest) -> None:
    await registry.send(ann, GOOD)
    await ann.taps("Import 2")
    await registry.work(ann)
    rows = read_customers(read_sheet(GOOD.encode(), "x.csv").rows, Owners.of([])).rows
    known = await registry.office.database.read(lambda c: imports.find_known(c, rows))
    assert await registry.office.database.read(lambda c: imports.is_still_so(c, known))
    await registry.office.database.write(lambda c: customers.change(c, known.customers[0].id, phone="5"))
    assert not await registry.office.database.read(lambda c: imports.is_still_so(c, known))


async def test_a_second_tap_imports_nothing_twice(registry: Registry, ann: Guest) -> None:
    await registry.send(ann, GOOD)
    message_id, data = ann.button("Import 2")
    await ann.taps_data(message_id, data)
    await ann.taps_data(message_id, data)
    await registry.work(ann)
    assert len(await registry.rows(CUSTOMER)) == 2
    await ann.taps_data(message_id, data)
    assert "That button is from before" in ann.last
    assert await registry.due() == []


async def test_the_newest_file_counts(registry: Registry, ann: Guest) -> None:
    await registry.send(ann, GOOD)
    await registry.send(ann, "Name\nGarden Pharmacy\n", "other.csv")
    assert "other.csv" in ann.last
    await ann.taps("Import 1 customer")
    await registry.work(ann)
    assert [row.name for row in await registry.rows(CUSTOMER)] == ["Garden Pharmacy"]
    assert [row.state for row in await registry.rows(IMPORT)] == ["dropped", "applied"]


async def test_a_list_that_is_let_go_leaves_nothing(registry: Registry, ann: Guest) -> None:
    await registry.send(ann, GOOD)
    await ann.taps("Do not import")
    assert "Nothing was imported." in ann.last
    assert await registry.rows(CUSTOMER) == []
    assert "There is nothing to cancel" in await ann.says("/cancel")


async def test_what_is_confirmed_cannot_be_cancelled_halfway(registry: Registry, ann: Guest) -> None:
    await registry.send(ann, GOOD)
    await ann.taps("Import 2")
    await ann.says("/cancel")
    assert any("The import is under way" in each.text for each in ann.screen.values())
    assert "2 new, 0 changed" in await registry.work(ann)


async def test_a_file_that_cannot_be_had_now_is_read_later(registry: Registry, ann: Guest) -> None:
    registry.post.away = True
    with pytest.raises(NotNow):
        await registry.send(ann, GOOD)
    assert "Reading list.csv" in await registry.read(ann)
    registry.post.away = False
    assert "2 new" in await registry.work(ann)
    assert registry.post.fetched == 1


async def test_a_restart_between_preview_and_yes_loses_nothing(
    registry: Registry, ann: Guest, database: Database
) -> None:
    await registry.send(ann, GOOD)
    registry.post.sent.clear()  # Telegram keeps a file for an hour
    assert "2 new" in await ann.says("/import")
    await ann.taps("Import 2")
    assert "2 new, 0 changed" in await registry.work(ann)
