"""The grading: how much a customer matters, and why."""

from bot.domain.shipped.wording import PER_CENT, YUAN, choice, words
from bot.domain.sop import Check, Item, Kind, Sop

GRADING = Sop(
    type="grading",
    title=words("Grading", "客户分级"),
    items=(
        Item(
            "potential",
            Kind.MONEY,
            words("What could he buy of us in a year?", "一年可能向我们采购多少？"),
            words("All that he needs of it, from whomever he buys", "他的全部需求，不论现在向谁买"),
            unit=YUAN,
            least=0,
            most=9_999_999_999,
        ),
        Item(
            "share",
            Kind.NUMBER,
            words("How much of it do we have today?", "目前我们占多少份额？"),
            unit=PER_CENT,
            least=0,
            most=100,
        ),
        Item(
            "trend",
            Kind.ONE_OF,
            words("How does his trade go?", "客户生意走势？"),
            choices=(
                choice("grows", "Grows", "增长"),
                choice("steady", "Steady", "平稳"),
                choice("shrinks", "Shrinks", "下滑"),
            ),
        ),
        Item(
            "pays",
            Kind.ONE_OF,
            words("How does he pay?", "回款情况？"),
            choices=(
                choice("well", "On time", "按期"),
                choice("slowly", "Slowly", "拖延"),
                choice("badly", "Only when pressed", "催了才付"),
                choice("new", "Not known yet", "尚不清楚"),
            ),
        ),
        Item(
            "strategic",
            Kind.YES_NO,
            words("Does he open doors for us?", "对我们有带动作用吗？"),
            words("A well-known name, a chain, a region", "知名品牌、连锁、区域标杆"),
        ),
        Item(
            "grade",
            Kind.ONE_OF,
            words("Which grade do you propose?", "您建议定为几级？"),
            words("A is seen most often, D is only looked at again", "A 级拜访最勤，D 级只定期复查"),
            choices=(choice("a", "A", "A"), choice("b", "B", "B"), choice("c", "C", "C"), choice("d", "D", "D")),
            checks=(
                Check(
                    "not (it = a and pays = badly)",
                    words("Grade A for one who only pays when pressed?", "催了才付款的客户定 A 级？"),
                    soft=True,
                ),
                Check(
                    "not (it = a and trend = shrinks and strategic = no)",
                    words(
                        "Grade A though his trade shrinks and he opens no doors?", "生意下滑又无带动作用，仍定 A 级？"
                    ),
                    soft=True,
                ),
                Check(
                    "not (it = d and share >= 50)",
                    words("Grade D though we have half of his needs or more?", "份额已过半，仍定 D 级？"),
                    soft=True,
                ),
            ),
        ),
        Item(
            "why",
            Kind.TEXT,
            words("Why this grade?", "定级理由？"),
            words("One sentence that convinces your manager", "一句能说服经理的话"),
            minimum=5,
        ),
    ),
)
