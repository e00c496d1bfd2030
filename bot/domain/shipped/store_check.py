"""The store check: what stands on the shelf, how it looks, what it costs beside the rivals, what is wanted."""

from bot.domain.shipped.wording import PIECES, YUAN, choice, words
from bot.domain.sop import Item, Kind, Sop

STORE_CHECK = Sop(
    type="store_check",
    title=words("Store check", "巡店"),
    items=(
        Item("listed", Kind.YES_NO, words("Is the new product on the shelf?", "新品上架了吗？")),
        Item(
            "why_not",
            Kind.ONE_OF,
            words("Why is it not on the shelf?", "为什么还没上架？"),
            required=False,
            when="listed = no",
            choices=(
                choice("not_ordered", "Not ordered yet", "还没订货"),
                choice("in_store_room", "In the back room", "在仓库没摆"),
                choice("sold_out", "Sold out", "已售罄"),
                choice("no_room", "No room for it", "没有排面"),
                choice("not_wanted", "Does not want it", "不愿进货"),
            ),
        ),
        Item(
            "display",
            Kind.PHOTO,
            words("Photo of our display", "我方陈列照片"),
            words("The whole shelf, straight from the front", "正面拍全整个货架"),
        ),
        Item(
            "stock",
            Kind.NUMBER,
            words("Stock count", "库存数量"),
            words("Shelf and back room together", "货架加仓库"),
            unit=PIECES,
            least=0,
            most=99_999,
        ),
        Item(
            "price",
            Kind.NUMBER,
            words("Competitor's price", "竞品价格"),
            words("The closest rival's price on the tag", "最接近竞品的标价"),
            required=False,
            unit=YUAN,
            least=0,
            most=99_999,
        ),
        Item(
            "own_display",
            Kind.ONE_OF,
            words("How does our display look?", "我方陈列如何？"),
            choices=(
                choice("good", "As agreed", "符合约定"),
                choice("mended", "Put right by me", "已整理"),
                choice("poor", "Poor", "较差"),
            ),
        ),
        Item(
            "poor_why",
            Kind.SEVERAL_OF,
            words("What is wrong with the display?", "陈列哪里有问题？"),
            required=False,
            when="own_display = poor",
            choices=(
                choice("place", "Bad place", "位置不好"),
                choice("facings", "Too few facings", "排面太少"),
                choice("tags", "Price tags", "价签缺失或错误"),
                choice("dirty", "Dirty or damaged", "脏污破损"),
                choice("expired", "Past its date", "临期过期"),
                choice("rivals", "Rivals in our place", "被竞品占位"),
            ),
        ),
        Item(
            "replenishment",
            Kind.TEXT,
            words("Replenishment: what, and how much?", "补货：补什么、补多少？"),
            words("Skip if nothing is needed", "不需要就跳过"),
            required=False,
            minimum=2,
        ),
    ),
)
