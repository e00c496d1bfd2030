"""How a customer stays one: satisfaction survey, further need."""

from bot.domain.shipped.wording import YUAN, choice, words
from bot.domain.sop import Check, Item, Kind, Sop

_MARKS = words("Ask him: 1 = bad, 5 = very good", "请客户打分：1 = 很差，5 = 很好")

SATISFACTION_SURVEY = Sop(
    type="satisfaction_survey",
    title=words("Satisfaction survey", "满意度调查"),
    items=(
        Item(
            "who",
            Kind.ONE_OF,
            words("Who answers?", "谁在回答？"),
            choices=(
                choice("decides", "Decides", "决策人"),
                choice("influences", "Influences", "影响者"),
                choice("uses", "Uses", "使用者"),
                choice("buys", "Buys", "采购"),
            ),
        ),
        Item("overall", Kind.RATING, words("All in all", "总体满意度"), _MARKS),
        Item("quality", Kind.RATING, words("Quality of what we delivered", "产品质量"), _MARKS),
        Item("delivery", Kind.RATING, words("Delivery as agreed", "按约交付"), _MARKS),
        Item("service", Kind.RATING, words("Service and answers", "服务与响应"), _MARKS),
        Item("value", Kind.RATING, words("Worth its price", "物有所值"), _MARKS, required=False),
        Item(
            "recommends",
            Kind.RATING,
            words("Would he recommend us?", "愿意推荐我们吗？"),
            words("Ask him: 1 = never, 10 = gladly", "请客户打分：1 = 绝不，10 = 非常愿意"),
            most=10,
            checks=(
                Check(
                    "not (it >= 9 and overall <= 2)",
                    words("Recommends us gladly, but is not content?", "很愿意推荐却不满意？"),
                    soft=True,
                ),
            ),
        ),
        Item(
            "low_why",
            Kind.TEXT,
            words("What was bad? His words", "哪里不好？请记原话"),
            words("What happened, and when", "什么事、什么时候"),
            when="overall <= 3 or quality <= 2 or delivery <= 2 or service <= 2",
            minimum=5,
        ),
        Item(
            "solve_by",
            Kind.DATE,
            words("By when do we answer him?", "我们何时答复？"),
            words("Promise only what you can hold", "只承诺做得到的"),
            when="overall <= 3 or quality <= 2 or delivery <= 2 or service <= 2",
        ),
        Item(
            "best",
            Kind.TEXT,
            words("What does he like best about us?", "最满意我们什么？"),
            required=False,
            when="overall >= 4",
            minimum=2,
        ),
        Item(
            "reference",
            Kind.YES_NO,
            words("May we name him as a reference?", "可以作为推荐案例吗？"),
            required=False,
            when="overall >= 4 and recommends >= 8",
        ),
        Item(
            "better",
            Kind.TEXT,
            words("One thing that we should do better", "最希望我们改进的一点"),
            required=False,
            minimum=2,
        ),
    ),
)

FURTHER_NEED = Sop(
    type="further_need",
    title=words("Further need", "延伸需求"),
    items=(
        Item(
            "kind",
            Kind.SEVERAL_OF,
            words("What could he need next?", "客户可能还需要什么？"),
            choices=(
                choice("more", "More of the same", "加量"),
                choice("other", "Other products", "其他产品"),
                choice("site", "Another site", "新门店网点"),
                choice("renewal", "Renewal", "续签"),
                choice("upgrade", "Something better", "升级换代"),
                choice("service", "Service", "增值服务"),
            ),
        ),
        Item(
            "what",
            Kind.TEXT,
            words("What exactly?", "具体需要什么？"),
            words("In his words: what for, where, how many", "用客户原话：用途、地点、数量"),
            minimum=2,
        ),
        Item(
            "ends_on",
            Kind.DATE,
            words("When does the contract end?", "现合同何时到期？"),
            when="kind has renewal",
        ),
        Item(
            "site",
            Kind.TEXT,
            words("Which site, and when does it open?", "新网点在哪？何时开业？"),
            when="kind has site",
            minimum=2,
        ),
        Item(
            "value",
            Kind.MONEY,
            words("Worth about how much?", "大约金额？"),
            words("An estimate will do", "估算即可"),
            required=False,
            unit=YUAN,
            least=0,
            most=9_999_999_999,
        ),
        Item(
            "budget",
            Kind.ONE_OF,
            words("Is there a budget?", "有预算吗？"),
            choices=(
                choice("approved", "Approved", "已批"),
                choice("asked", "Asked for", "在申请"),
                choice("none", "None yet", "还没有"),
                choice("unknown", "Not known", "不清楚"),
            ),
        ),
        Item(
            "needed_by",
            Kind.DATE,
            words("By when does he need it?", "什么时候需要？"),
            words("Skip if that is open", "未定就跳过"),
            required=False,
        ),
        Item("rival", Kind.YES_NO, words("Does he talk to others about it?", "也在和别家谈吗？")),
        Item("rival_who", Kind.TEXT, words("To whom?", "和谁在谈？"), when="rival", minimum=2),
        Item(
            "contact",
            Kind.CONTACT,
            words("Whom do we talk to about it?", "这件事找谁谈？"),
            words("Skip if it is the same person", "还是同一人就跳过"),
            required=False,
        ),
        Item(
            "chance",
            Kind.ONE_OF,
            words("How do you see the chance?", "您判断机会多大？"),
            choices=(
                choice("likely", "Likely", "较大"),
                choice("open", "Open", "未定"),
                choice("unlikely", "Unlikely", "较小"),
            ),
            checks=(
                Check(
                    "not (it = likely and budget = none)",
                    words("Likely, without a budget?", "没有预算，仍判断较大？"),
                    soft=True,
                ),
            ),
        ),
    ),
)
