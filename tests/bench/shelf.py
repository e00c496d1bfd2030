"""The checklist of every bench: a dozen numbers, counted on a shelf."""

from sides.side import ITEMS

from bot.domain.checklist import Item, Kind, Sop

SHELF = Sop(
    type="shelf",
    title={"en": "Shelf check", "zh_Hans": "货架检查"},
    items=tuple(
        Item(
            f"count{number}",
            Kind.NUMBER,
            {"en": f"Stock count of product {number}", "zh_Hans": f"产品{number}的库存数量"},
            {"en": "Shelf and back room together", "zh_Hans": "货架加仓库"},
            unit={"en": "pieces", "zh_Hans": "件"},
            least=0,
            most=99_999,
        )
        for number in range(1, ITEMS + 1)
    ),
)
