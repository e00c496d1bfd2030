"""Which new customers are worth the effort: target profile, screening score."""

from bot.domain.shipped.wording import YUAN, choice, words
from bot.domain.sop import Item, Kind, Sop

TARGET_PROFILE = Sop(
    type="target_profile",
    title=words("Target profile", "目标客户画像"),
    items=(
        Item(
            "business",
            Kind.TEXT,
            words("What does he do, and for whom?", "客户做什么、服务谁？"),
            words("One sentence: trade, goods, his own customers", "一句话：行业、产品、他的客户"),
            minimum=4,
        ),
        Item(
            "source",
            Kind.ONE_OF,
            words("How did we find him?", "客户来源？"),
            choices=(
                choice("street", "From the street", "陌拜"),
                choice("referral", "Referral", "转介绍"),
                choice("fair", "Fair or event", "展会活动"),
                choice("web", "Web or call-in", "网络来电"),
                choice("former", "Former customer", "老客户"),
                choice("list", "A list", "名录"),
            ),
        ),
        Item(
            "referrer",
            Kind.CONTACT,
            words("Who recommended us?", "转介绍人是谁？"),
            words("He deserves a word of thanks", "记得致谢"),
            required=False,
            when="source = referral",
        ),
        Item(
            "size",
            Kind.ONE_OF,
            words("How many people work there?", "员工规模？"),
            choices=(
                choice("to_10", "Up to 10", "10 人以内"),
                choice("to_50", "11–50", "11–50 人"),
                choice("to_200", "51–200", "51–200 人"),
                choice("to_1000", "201–1,000", "201–1000 人"),
                choice("over", "More", "1000 人以上"),
            ),
        ),
        Item(
            "sites",
            Kind.NUMBER,
            words("Number of sites or shops", "门店或网点数"),
            required=False,
            unit=words("sites", "家"),
            least=1,
            most=99_999,
        ),
        Item(
            "pains",
            Kind.SEVERAL_OF,
            words("What troubles him today?", "客户目前的痛点？"),
            words("What he says himself, not what we would like", "以客户自己说的为准"),
            choices=(
                choice("cost", "Cost", "成本高"),
                choice("quality", "Quality", "质量"),
                choice("time", "Slow delivery", "交期慢"),
                choice("service", "Poor service", "服务差"),
                choice("growth", "Too little trade", "客流业绩"),
                choice("staff", "Staff", "人手"),
                choice("rules", "Regulation", "合规"),
                choice("unknown", "Not known yet", "还不清楚"),
            ),
        ),
        Item(
            "supplier",
            Kind.TEXT,
            words("From whom does he buy now?", "现在从谁那里采购？"),
            words("And since when, if he tells", "合作多久，能问到就写"),
            required=False,
            minimum=2,
        ),
        Item(
            "spends",
            Kind.MONEY,
            words("What does he spend on it in a year?", "每年在这方面花多少？"),
            words("An estimate will do", "估算即可"),
            required=False,
            unit=YUAN,
            least=0,
            most=9_999_999_999,
        ),
        Item(
            "decides",
            Kind.CONTACT,
            words("Who decides?", "谁做决定？"),
            words("Name, number and position; skip if not known yet", "姓名、电话、职务；还不知道就跳过"),
            required=False,
        ),
        Item("fits", Kind.YES_NO, words("Is he the kind of customer that we look for?", "符合我们的目标客户吗？")),
        Item(
            "fits_not",
            Kind.TEXT,
            words("What does not fit?", "哪里不符合？"),
            when="fits = no",
            minimum=2,
        ),
    ),
)

_MARKS = words("1 = not at all, 5 = fully", "1 = 完全不符，5 = 完全符合")

SCREENING = Sop(
    type="screening",
    title=words("Screening score", "筛选评分"),
    items=(
        Item(
            "need_fit",
            Kind.RATING,
            words("Need: does our offer solve his problem?", "需求匹配：我们能解决他的问题吗？"),
            _MARKS,
        ),
        Item(
            "need_gap",
            Kind.TEXT,
            words("What does our offer lack for him?", "我们还差什么？"),
            words("Worth knowing even if we let him go", "即使放弃，也值得记录"),
            when="need_fit <= 2",
            minimum=2,
        ),
        Item(
            "buying_power",
            Kind.RATING,
            words("Buying power: can he pay for it?", "购买力：他付得起吗？"),
            words("1 = no budget, 5 = budget and sound payer", "1 = 没有预算，5 = 有预算且信用好"),
        ),
        Item(
            "power_known",
            Kind.SEVERAL_OF,
            words("How do you know?", "依据是什么？"),
            when="buying_power >= 4",
            choices=(
                choice("budget", "He named a budget", "客户说了预算"),
                choice("trade", "His trade shows it", "看得见的生意规模"),
                choice("bought", "Bought such things", "买过同类产品"),
                choice("figures", "Published figures", "公开的经营数据"),
                choice("feeling", "My impression", "凭印象"),
            ),
        ),
        Item(
            "decision",
            Kind.RATING,
            words("Decision: can it be made, and soon?", "决策可行：能定、能尽快定吗？"),
            words("1 = nobody decides, 5 = the one who decides wants it now", "1 = 无人拍板，5 = 决策人现在就想定"),
        ),
        Item(
            "obstacle",
            Kind.TEXT,
            words("What stands in the way of a decision?", "决策的障碍是什么？"),
            when="decision <= 2",
            minimum=2,
        ),
        Item(
            "remarks",
            Kind.TEXT,
            words("What else should your manager know?", "还有什么要告诉经理？"),
            required=False,
            minimum=2,
        ),
    ),
)
