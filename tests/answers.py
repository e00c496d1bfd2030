"""A store check of stock by product, rivals' prices and the rest, and visits that answer it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desk_talk import ZONE

from bot.domain.answers import Value
from bot.domain.sop import Choice, Group, Item, Kind, Sop
from bot.domain.visit import Visit
from storage import answer_facts, people, sops, visits
from storage.database import Connection
from storage.tables import VisitRow, table


def words(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh_Hans": zh}


YUAN = words("yuan", "元")
STOCK = Item("stock", Kind.NUMBER, words("Stock", "库存"), unit=words("pieces", "件"), group="products")
PRICE = Item("price", Kind.MONEY, words("Price", "售价"), unit=YUAN, group="rivals")
CHECK = Sop(
    "shelf_check",
    words("Shelf check", "货架检查"),
    (
        Item("listed", Kind.YES_NO, words("New product on the shelf?", "新品上架了吗？")),
        Item("why", Kind.ONE_OF, words("Why not?", "为什么没有？"), when="listed = no", choices=(
            Choice("room", words("No room", "没有排面")), Choice("price", words("Too dear", "太贵")))),
        Item("seen", Kind.SEVERAL_OF, words("Where do we stand?", "我们摆在哪里？"), required=False, choices=(
            Choice("till", words("At the till", "收银台")), Choice("fridge", words("Fridge", "冰柜")))),
        STOCK,
        PRICE,
        Item("mood", Kind.RATING, words("How content is he?", "客户满意吗？"), required=False),
        Item("said", Kind.TEXT, words("What does he say?", "客户怎么说？"), required=False),
        Item("display", Kind.PHOTO, words("Photo", "照片"), required=False),
    ),
    groups=(
        Group("products", words("Products", "产品"), (
            Choice("cola", words("Cola", "可乐")), Choice("tea", words("Iced tea", "冰红茶")))),
        Group("rivals", words("Rivals", "竞品"), open=True),
    ),
)  # fmt: skip


def sent(
    connection: Connection,
    sop_version_id: int,
    person_id: int,
    customer_id: int,
    on: date,
    answers: Mapping[str, Value],
    *,
    state: str = "sent",
) -> Visit:
    """A visit of that day with these answers, stored and counted as sending does it; an open one is only stored."""
    at = datetime.combine(on, time(10), ZoneInfo(ZONE))
    values: dict[str, Any] = {
        "person_id": person_id, "customer_id": customer_id, "type": CHECK.type, "purpose": "relationship",
        "sop_version_id": sop_version_id, "state": state, "checked_in_at": at, "visited_on": on, "arrival": "inside",
        "flags": [], "reason": "", "again_reason": "", "live": False, "closed_automatically": False, "late": False,
        "sent_at": at + timedelta(minutes=30),
    }  # fmt: skip
    rows = table(VisitRow)
    visit_id = int(connection.execute(rows.insert().values(values).returning(rows.c.id)).scalar_one())
    for item, value in answers.items():
        visits.answer(connection, visit_id, item, value, at)
    visit = visits.get(connection, visit_id)
    if state == "sent":
        answer_facts.keep(connection, visit, people.get(connection, person_id).team_id)
    return visit


def published(connection: Connection, sop: Sop = CHECK) -> int:
    """The id of a new version."""
    return sops.publish(connection, sop, datetime(2026, 10, 1, tzinfo=ZoneInfo(ZONE)))
