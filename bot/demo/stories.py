"""What the invented customers say and are promised: a visit's report in a few lines, in its rep's language."""

from dataclasses import dataclass
from datetime import time

from bot.domain.effectiveness import Result
from bot.domain.visit import Purpose


@dataclass(frozen=True)
class Promise:
    """A next step so many days after the visit, at a local time where one was agreed."""

    what: str
    days: int
    at: time | None = None


@dataclass(frozen=True)
class Story:
    """One report. The talk's parts belong to a customer visit; `refill` to a store check, None where nothing lacks.

    `why_none` is the reason's name when nothing was promised.
    """

    purpose: Purpose
    result: Result
    words: str
    promise: Promise | None
    talked_to: str = "decides"
    needs: str = ""
    value: str = ""
    objections: str | None = None
    refill: str | None = None
    why_none: str = "all_done"


_FIRST, _PROPOSAL, _RELATION, _PROBLEM = Purpose.FIRST, Purpose.PROPOSAL, Purpose.RELATIONSHIP, Purpose.PROBLEM
_REACHED, _PARTLY, _NOT = Result.REACHED, Result.PARTLY, Result.NOT_REACHED

TALKS: dict[str, tuple[Story, ...]] = {
    "zh_Hans": (
        Story(
            _RELATION,
            _REACHED,
            "夏季菜单想加两款冷泡茶，周末先试卖。",
            Promise("送两箱冷泡茶样品试卖", 4, time(10, 30)),
            needs="夏天要有不含咖啡因的冷饮",
            value="试喝了茉莉和青柑两款，给了建议售价",
        ),
        Story(
            _PROPOSAL,
            _PARTLY,
            "价格可以谈，但要总部点头。",
            Promise("发整年供货报价给采购", 3),
            talked_to="influences",
            needs="想把三家供应商并成一家",
            value="讲了整年锁价和次日补货",
            objections="担心换供应商影响旺季",
        ),
        Story(
            _PROBLEM,
            _REACHED,
            "冷柜修好了，这次反应很快。",
            None,
            talked_to="uses",
            needs="展示冷柜温度不稳",
            value="当场换了温控器，留了备件",
        ),
        Story(
            _FIRST,
            _PARTLY,
            "老板不在，店长对毛利感兴趣。",
            Promise("约老板见面谈合作条件", 5, time(14)),
            talked_to="influences",
            needs="外卖饮品毛利太低",
            value="算了每杯成本和建议售价",
        ),
        Story(
            _RELATION,
            _REACHED,
            "下个月开分店，希望一起配货。",
            Promise("送分店开业配货清单", 6),
            needs="分店开业要一次配齐",
            value="给了开业配货案例和赠品方案",
        ),
        Story(
            _PROPOSAL,
            _REACHED,
            "就按这个方案做，下周签。",
            Promise("带合同上门签约", 5, time(15, 30)),
            needs="包间饮品要有档次",
            value="演示了茶礼盒和迎宾茶方案",
        ),
        Story(
            _RELATION,
            _NOT,
            "这段时间客流少，先不加。",
            None,
            talked_to="buys",
            needs="控制库存，少压货",
            value="介绍了小规格装",
            objections="现在库存够卖三周",
            why_none="no_interest",
        ),
        Story(
            _PROBLEM,
            _PARTLY,
            "破损的两箱要尽快补。",
            Promise("补发破损的两箱青柑冷泡茶", 2),
            talked_to="buys",
            needs="上次到货有两箱破损",
            value="拍照登记，改用加厚纸箱",
        ),
    ),
    "en": (
        Story(
            _RELATION,
            _REACHED,
            "They sell out by four every Saturday and want a second delivery.",
            Promise("propose a Saturday delivery slot", 4, time(11)),
            needs="Fresh stock twice a week",
            value="Showed the Saturday route and its cut-off time",
        ),
        Story(
            _PROPOSAL,
            _REACHED,
            "The offer fits; the owner signs once he has read the terms.",
            Promise("bring the contract for signature", 5, time(15)),
            needs="One supplier for tea and cold brew",
            value="Walked through the yearly price list",
        ),
        Story(
            _PROPOSAL,
            _PARTLY,
            "Likes the tea, finds the minimum order too high.",
            Promise("send an offer with a smaller minimum order", 3),
            talked_to="influences",
            needs="Small batches, as storage is tight",
            value="Offered mixed cartons",
            objections="A minimum of ten cartons is too much",
        ),
        Story(
            _FIRST,
            _REACHED,
            "Happy to taste, and asked for the food-safety papers.",
            Promise("send the food-safety certificates", 2),
            needs="A drink without sugar for the lunch menu",
            value="Tasted jasmine and green orange together",
        ),
        Story(
            _PROBLEM,
            _REACHED,
            "The dispenser runs again; thanks for coming the same day.",
            None,
            talked_to="uses",
            needs="The dispenser dripped",
            value="Changed the seal and left a spare one",
        ),
        Story(
            _RELATION,
            _PARTLY,
            "A rival offered free cups; they would rather stay with us.",
            Promise("answer the rival's free-cups offer", 4, time(14, 30)),
            needs="Branded cups for takeaway",
            value="Showed last year's cup designs",
            objections="The rival gives the cups for free",
        ),
        Story(
            _RELATION,
            _NOT,
            "No changes to the menu before the holidays.",
            None,
            talked_to="buys",
            needs="Keep the menu short",
            value="Left the summer leaflet",
            why_none="no_interest",
        ),
        Story(
            _FIRST,
            _PARTLY,
            "The manager is keen, the owner decides next week.",
            Promise("call the owner about a tasting", 6, time(10)),
            talked_to="influences",
            needs="Something new for evening guests",
            value="Suggested a tea cocktail list",
        ),
    ),
}
"""Customer visits, by the rep's language."""

CHECKS: dict[str, tuple[Story, ...]] = {
    "zh_Hans": (
        Story(
            _RELATION, _REACHED, "青柑卖得最快，要多放一排。", Promise("补青柑冷泡茶五箱", 3), refill="青柑冷泡茶 5 箱"
        ),
        Story(
            _RELATION, _REACHED, "新品位置不错，店长愿意再加一层。", Promise("送新品陈列架", 5, time(10)), refill=None
        ),
        Story(
            _PROBLEM, _PARTLY, "价签又贴错了，已经当场改好。", Promise("回访价签是否正确", 7), refill="茉莉冷泡茶 2 箱"
        ),
        Story(
            _RELATION,
            _NOT,
            "竞品在做买一送一，我们的位置被挪了。",
            Promise("带促销方案谈回主货架", 4),
            refill="无糖冷泡茶 3 箱",
        ),
        Story(_RELATION, _REACHED, "货架整齐，库存够到下周。", None),
    ),
    "en": (
        Story(_RELATION, _REACHED, "Eye level again; the manager is happy.", None),
        Story(
            _RELATION,
            _REACHED,
            "Jasmine is gone by Friday.",
            Promise("deliver four cartons of jasmine", 3),
            refill="Jasmine, 4 cartons",
        ),
        Story(
            _PROBLEM,
            _PARTLY,
            "The price tags were swapped; mended.",
            Promise("check the price tags again", 6),
            refill="Green orange, 2 cartons",
        ),
        Story(
            _RELATION,
            _NOT,
            "A rival took the end shelf.",
            Promise("bring an offer for the end shelf", 5, time(13, 30)),
            refill="Sugar-free, 3 cartons",
        ),
        Story(
            _RELATION,
            _REACHED,
            "The new flavour moved to the till.",
            Promise("bring a stand for the till", 4),
            refill=None,
        ),
    ),
}
"""Store checks, by the rep's language."""
