"""What the acted visits consist of: whom the reps see, what they answer, what comes of it."""

from bot.demo.customers import CUSTOMERS
from bot.demo.visiting import SKIP, YES, Answer, Script
from bot.domain.shipped import CUSTOMER_VISIT, STORE_CHECK

_CHONGQING, _CHENGDU = CUSTOMERS.values()

STORE_CHECK_ZH = Script(
    customer=_CHONGQING[1],
    sop=STORE_CHECK,
    purpose="relationship",
    accuracy=12,
    live=True,
    answers=(
        YES,
        Answer("photo", "7"),
        Answer("say", "36"),
        Answer("say", "12.8"),
        Answer("tap", "answer-good"),
        Answer("say", "青柑冷泡茶 5 箱"),
    ),
    result="reached",
    words="青柑卖得最快，周末要多放一排。",
    next_step="下周三下午2点给王总演示",
    again="王总临时约我回来",
    minutes=18,
)

DOUBTFUL_EN = Script(
    customer=_CHENGDU[9],
    sop=CUSTOMER_VISIT,
    purpose="proposal",
    accuracy=640,
    live=False,
    aside=0.0018,
    answers=(
        Answer("tap", "answer-decides"),
        Answer("say", "A cold drink that needs no barista"),
        Answer("say", "Tasted green orange, showed the price list"),
        SKIP,
        YES,
        SKIP,
    ),
    result="partly",
    words="Likes it; wants to compare with what they pour now.",
    next_step="send the white paper by Friday",
    again="They asked me back for the price list",
)

RAINY_ZH = Script(
    customer=_CHONGQING[18],
    sop=STORE_CHECK,
    purpose="problem",
    accuracy=1100,
    live=False,
    aside=0.0042,
    answers=(YES, Answer("photo", "11"), Answer("say", "19"), SKIP, Answer("tap", "answer-mended"), SKIP),
    result="partly",
    words="下雨客人少，价签已经贴好。",
    next_step="明天上午送新价签",
    again="雨停了再补一次",
)
