"""The five-step talk with a customer: opening, needs, value, objections, closing."""

from bot.domain.shipped.wording import choice, words
from bot.domain.sop import Item, Kind, Sop

CUSTOMER_VISIT = Sop(
    type="customer_visit",
    title=words("Customer visit", "客户拜访"),
    items=(
        Item(
            "opening",
            Kind.ONE_OF,
            words("Opening: whom did you talk to?", "开场：您和谁谈的？"),
            words("The one who decides is worth a second try", "见到决策人最有价值"),
            choices=(
                choice("decides", "Decides", "决策人"),
                choice("influences", "Influences", "影响者"),
                choice("uses", "Uses", "使用者"),
                choice("buys", "Buys", "采购"),
            ),
        ),
        Item(
            "needs",
            Kind.TEXT,
            words("Needs: what does he want to solve?", "需求：客户想解决什么？"),
            words("In his words, one sentence", "用客户的原话，一句就够"),
            minimum=2,
        ),
        Item(
            "value",
            Kind.TEXT,
            words("Value: what did you offer for it?", "价值：您提供了什么？"),
            words("Product, case or figure that you showed", "展示的产品、案例或数据"),
            minimum=2,
        ),
        Item(
            "objections",
            Kind.TEXT,
            words("Objections: what holds him back?", "异议：客户有什么顾虑？"),
            words("Price, timing, a competitor… skip if none", "价格、时间、竞品……没有就跳过"),
            required=False,
            minimum=2,
        ),
        Item("closing", Kind.YES_NO, words("Closing: did he agree to a next step?", "促成：客户同意下一步了吗？")),
        Item(
            "photo",
            Kind.PHOTO,
            words("Photo of the place or the meeting", "现场或会面照片"),
            words("Ask before you take people's picture", "拍人之前请先征得同意"),
            required=False,
        ),
    ),
)
