"""A company that is there already gets the checklists that a new release brings, and keeps its own as they are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.shipped import CUSTOMER_VISIT, SHIPPED, STORE_CHECK
from storage import sops
from storage.database import Connection, Database

BEFORE = datetime(2026, 11, 23, 1, tzinfo=UTC)
NOW = BEFORE + timedelta(days=30)


async def test_new_types_arrive_and_changed_ones_stay(database: Database) -> None:
    own = replace(STORE_CHECK, title={"en": "Our shelf check", "zh_Hans": "货架检查"}, items=STORE_CHECK.items[:2])

    def company_of_an_older_release(connection: Connection) -> None:
        for sop in (CUSTOMER_VISIT, STORE_CHECK, own):
            sops.publish(connection, sop, BEFORE)

    await database.write(company_of_an_older_release)
    for _ in range(2):  # a start after the first has nothing to do
        await database.write(lambda connection: sops.publish_missing(connection, SHIPPED, NOW))

    types = dict(await database.read(sops.list_types))
    assert list(types) == [sop.type for sop in SHIPPED], "what was there first is still offered first"
    assert types["store_check"] == own.title
    found = await database.read(lambda connection: sops.newest(connection, "store_check"))
    assert found is not None and found[1] == own
    for sop in SHIPPED:
        published = await database.read(lambda connection, sop=sop: sops.newest(connection, sop.type))
        assert published is not None and (published[1] == sop or sop is STORE_CHECK)
    versions = await database.read(lambda c: c.execute(sops.SOP.select().with_only_columns(sops.SOP.c.id)).all())
    assert len(versions) == len(SHIPPED) + 1, "one version each, and the company's own second one"
