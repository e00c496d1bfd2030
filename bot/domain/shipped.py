"""The checklists that Rounds brings along; a company changes them or publishes its own."""

from bot.domain.sop import Choice, Item, Kind, Sop

CUSTOMER_VISIT = Sop(
    type="customer_visit",
    title={"en": "Customer visit", "zh_Hans": "客户拜访"},
    items=(
        Item(
            "opening",
            Kind.ONE_OF,
            {"en": "Opening: whom did you talk to?", "zh_Hans": "开场：您和谁谈的？"},
            {"en": "The one who decides is worth a second try", "zh_Hans": "见到决策人最有价值"},
            choices=(
                Choice("decides", {"en": "Decides", "zh_Hans": "决策人"}),
                Choice("influences", {"en": "Influences", "zh_Hans": "影响者"}),
                Choice("uses", {"en": "Uses", "zh_Hans": "使用者"}),
                Choice("buys", {"en": "Buys", "zh_Hans": "采购"}),
            ),
        ),
        Item(
            "needs",
            Kind.TEXT,
            {"en": "Needs: what does he want to solve?", "zh_Hans": "需求：客户想解决什么？"},
            {"en": "In his words, one sentence", "zh_Hans": "用客户的原话，一句就够"},
            minimum=2,
        ),
        Item(
            "value",
            Kind.TEXT,
            {"en": "Value: what did you offer for it?", "zh_Hans": "价值：您提供了什么？"},
            {"en": "Product, case or figure that you showed", "zh_Hans": "展示的产品、案例或数据"},
            minimum=2,
        ),
        Item(
            "objections",
            Kind.TEXT,
            {"en": "Objections: what holds him back?", "zh_Hans": "异议：客户有什么顾虑？"},
            {"en": "Price, timing, a competitor… skip if none", "zh_Hans": "价格、时间、竞品……没有就跳过"},
            required=False,
            minimum=2,
        ),
        Item(
            "closing",
            Kind.YES_NO,
            {"en": "Closing: did he agree to a next step?", "zh_Hans": "促成：客户同意下一步了吗？"},
        ),
        Item(
            "photo",
            Kind.PHOTO,
            {"en": "Photo of the place or the meeting", "zh_Hans": "现场或会面照片"},
            {"en": "Ask before you take people's picture", "zh_Hans": "拍人之前请先征得同意"},
            required=False,
        ),
    ),
)

STORE_CHECK = Sop(
    type="store_check",
    title={"en": "Store check", "zh_Hans": "巡店"},
    items=(
        Item(
            "listed",
            Kind.YES_NO,
            {"en": "Is the new product on the shelf?", "zh_Hans": "新品上架了吗？"},
        ),
        Item(
            "display",
            Kind.PHOTO,
            {"en": "Photo of our display", "zh_Hans": "我方陈列照片"},
            {"en": "The whole shelf, straight from the front", "zh_Hans": "正面拍全整个货架"},
        ),
        Item(
            "stock",
            Kind.NUMBER,
            {"en": "Stock count", "zh_Hans": "库存数量"},
            {"en": "Shelf and back room together", "zh_Hans": "货架加仓库"},
            unit={"en": "pieces", "zh_Hans": "件"},
            least=0,
            most=99_999,
        ),
        Item(
            "price",
            Kind.NUMBER,
            {"en": "Competitor's price", "zh_Hans": "竞品价格"},
            {"en": "The closest rival's price on the tag", "zh_Hans": "最接近竞品的标价"},
            required=False,
            unit={"en": "yuan", "zh_Hans": "元"},
            least=0,
            most=99_999,
        ),
        Item(
            "own_display",
            Kind.ONE_OF,
            {"en": "How does our display look?", "zh_Hans": "我方陈列如何？"},
            choices=(
                Choice("good", {"en": "As agreed", "zh_Hans": "符合约定"}),
                Choice("mended", {"en": "Put right by me", "zh_Hans": "已整理"}),
                Choice("poor", {"en": "Poor", "zh_Hans": "较差"}),
            ),
        ),
        Item(
            "replenishment",
            Kind.TEXT,
            {"en": "Replenishment: what, and how much?", "zh_Hans": "补货：补什么、补多少？"},
            {"en": "Skip if nothing is needed", "zh_Hans": "不需要就跳过"},
            required=False,
            minimum=2,
        ),
    ),
)

SHIPPED = (CUSTOMER_VISIT, STORE_CHECK)
