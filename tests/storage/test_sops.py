"""Published checklists come back as they were published."""

from datetime import UTC, datetime
from typing import Any

from bot.domain.shipped import SHIPPED
from bot.domain.sop import Check, Choice, Group, Item, Kind, Sop
from storage import sops
from storage.database import Database

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
RICH = Sop(
    "shelf",
    {"en": "Shelf", "zh_Hans": "货架"},
    (
        Item("listed", Kind.YES_NO, {"en": "Listed?"}),
        Item(
            "stock",
            Kind.NUMBER,
            {"en": "Stock"},
            when="listed",
            checks=(Check("it >= 5", {"en": "So few?"}, soft=True),),
            group="products",
        ),
    ),
    ordered=True,
    groups=(Group("products", {"en": "Products"}, (Choice("cola", {"en": "Cola"}),), open=True, required=True),),
)


async def test_a_checklist_comes_back_with_everything_that_it_says(database: Database) -> None:
    for sop in (RICH, *SHIPPED):
        version = await database.write(lambda connection, sop=sop: sops.publish(connection, sop, NOW))
        assert await database.read(lambda connection, version=version: sops.get(connection, version)) == sop


def test_a_version_from_before_checks_and_groups_is_still_read() -> None:
    document = sops.document_of(SHIPPED[0])
    old: dict[str, Any] = {name: value for name, value in document.items() if name != "groups"}
    old["items"] = [
        {name: value for name, value in item.items() if name not in ("when", "checks", "group", "entry")}
        for item in document["items"]
    ]
    assert sops.sop_of(old) == SHIPPED[0]
