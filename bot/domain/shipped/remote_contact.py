"""A contact by phone or online: whether the customer was reached, what it was about, what was agreed."""

from bot.domain.shipped.wording import choice, words
from bot.domain.sop import Item, Kind, Sop

REMOTE_CONTACT = Sop(
    type="remote_contact",
    title=words("Remote contact", "远程联系"),
    items=(
        Item(
            "by",
            Kind.ONE_OF,
            words("How did you get in touch?", "用什么方式联系？"),
            choices=(
                choice("phone", "Phone", "电话"),
                choice("video", "Video call", "视频会议"),
                choice("chat", "WeChat or chat", "微信等聊天"),
                choice("mail", "E-mail", "邮件"),
            ),
        ),
        Item("reached", Kind.YES_NO, words("Did you reach him?", "联系上了吗？")),
        Item(
            "again_on",
            Kind.DATE,
            words("On which day do you try again?", "哪天再联系？"),
            when="reached = no",
        ),
        Item(
            "whom",
            Kind.ONE_OF,
            words("Whom did you talk to?", "和谁沟通的？"),
            when="reached",
            choices=(
                choice("decides", "Decides", "决策人"),
                choice("influences", "Influences", "影响者"),
                choice("uses", "Uses", "使用者"),
                choice("buys", "Buys", "采购"),
            ),
        ),
        Item(
            "topics",
            Kind.SEVERAL_OF,
            words("What was it about?", "沟通了哪些内容？"),
            when="reached",
            choices=(
                choice("appointment", "Appointment", "约见"),
                choice("need", "A need", "需求"),
                choice("offer", "Offer or price", "方案报价"),
                choice("order", "Order", "订单"),
                choice("delivery", "Delivery", "交付"),
                choice("payment", "Payment", "回款"),
                choice("complaint", "Complaint", "投诉"),
                choice("greeting", "Keeping in touch", "日常问候"),
            ),
        ),
        Item(
            "complaint",
            Kind.TEXT,
            words("What is the complaint?", "投诉什么？"),
            words("What, since when, and what he expects", "什么问题、何时开始、期望如何解决"),
            when="topics has complaint",
            minimum=5,
        ),
        Item(
            "agreed",
            Kind.TEXT,
            words("What was agreed?", "达成了什么约定？"),
            words("Who does what; write “nothing” if nothing was", "谁做什么；没有就写“无约定”"),
            when="reached",
            minimum=2,
        ),
        Item(
            "record",
            Kind.PHOTO,
            words("Screenshot of the chat, mail or call", "聊天、邮件或通话截图"),
            words("Only what concerns the matter", "只截与业务有关的部分"),
            required=False,
        ),
    ),
)
