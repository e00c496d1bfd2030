"""How what was sold comes to the customer: delivery plan, delivery progress."""

from bot.domain.shipped.wording import PER_CENT, choice, words
from bot.domain.sop import Check, Group, Item, Kind, Sop

DELIVERY_PLAN = Sop(
    type="delivery_plan",
    title=words("Delivery plan", "交付计划"),
    items=(
        Item(
            "order",
            Kind.TEXT,
            words("Which order or contract?", "哪份订单或合同？"),
            words("Number, or what is delivered", "编号，或交付内容"),
            minimum=2,
        ),
        Item(
            "due",
            Kind.DATE,
            words("By when?", "完成日期"),
            words("The day that the customer was told", "以答复客户的日期为准"),
            group="steps",
        ),
        Item(
            "owner",
            Kind.TEXT,
            words("Who on our side?", "我方负责人"),
            minimum=2,
            group="steps",
        ),
        Item(
            "his_part",
            Kind.TEXT,
            words("What must the customer do for it?", "需要客户配合什么？"),
            words("Skip if nothing", "不需要就跳过"),
            required=False,
            minimum=2,
            group="steps",
        ),
        Item(
            "receiver",
            Kind.CONTACT,
            words("Who receives it at the customer's?", "客户方谁接收？"),
            words("The one to call from the lorry", "送货途中能打通的人"),
        ),
        Item(
            "site_ready",
            Kind.YES_NO,
            words("Is the site ready?", "现场具备条件吗？"),
            words("Power, water, network, access, room", "电、水、网络、通道、场地"),
        ),
        Item(
            "site_lacks",
            Kind.TEXT,
            words("What is lacking, and who sees to it?", "缺什么？谁负责解决？"),
            when="site_ready = no",
            minimum=2,
        ),
        Item(
            "site_photo",
            Kind.PHOTO,
            words("Photo of the site and the way in", "现场和通道照片"),
            required=False,
        ),
        Item(
            "accepted_when",
            Kind.TEXT,
            words("When does he accept it as done?", "验收标准是什么？"),
            words("What is tested, by whom, and what he signs", "测什么、谁来测、签什么"),
            minimum=5,
        ),
        Item(
            "risk",
            Kind.SEVERAL_OF,
            words("What could delay it?", "可能延误的风险？"),
            words("Skip if nothing comes to mind", "没有就跳过"),
            required=False,
            choices=(
                choice("stock", "Goods short", "货源"),
                choice("transport", "Transport", "运输"),
                choice("site", "The site", "现场"),
                choice("staff", "People", "人员"),
                choice("payment", "Payment", "付款"),
                choice("papers", "Permits", "手续审批"),
                choice("weather", "Weather", "天气"),
            ),
        ),
        Item(
            "agreed",
            Kind.YES_NO,
            words("Has the customer agreed to the plan?", "客户同意这份计划了吗？"),
            checks=(
                Check(
                    "it",
                    words("A plan that he has not agreed to is only a wish.", "客户没同意的计划只是设想。"),
                    soft=True,
                ),
            ),
        ),
    ),
    groups=(
        Group(
            "steps",
            words("Steps: such as delivery, set-up, training", "有哪些步骤？如：送货、安装、培训、验收"),
            open=True,
            required=True,
        ),
    ),
)

DELIVERY_PROGRESS = Sop(
    type="delivery_progress",
    title=words("Delivery progress", "交付进度"),
    items=(
        Item(
            "state",
            Kind.ONE_OF,
            words("How does it go?", "进展如何？"),
            choices=(
                choice("ahead", "Ahead of plan", "提前"),
                choice("on_time", "As planned", "按计划"),
                choice("late", "Late", "延误"),
                choice("stopped", "Stopped", "停滞"),
            ),
        ),
        Item(
            "done",
            Kind.NUMBER,
            words("How much is done?", "完成了多少？"),
            words("Only what the customer can see or use", "以客户看得见、用得上的为准"),
            unit=PER_CENT,
            least=0,
            most=100,
        ),
        Item(
            "photo",
            Kind.PHOTO,
            words("Photo of how far it is", "现场进度照片"),
            words("From the same spot as last time", "与上次同一角度"),
        ),
        Item(
            "cause",
            Kind.SEVERAL_OF,
            words("What delays it?", "延误原因？"),
            when="state = late or state = stopped",
            choices=(
                choice("goods", "Goods short", "货源"),
                choice("transport", "Transport", "运输"),
                choice("site", "Site not ready", "现场不具备"),
                choice("staff", "People", "人员"),
                choice("payment", "Payment", "付款"),
                choice("change", "He wants changes", "客户变更"),
                choice("quality", "Quality", "质量"),
                choice("weather", "Weather", "天气"),
            ),
        ),
        Item(
            "change",
            Kind.TEXT,
            words("Which changes, and who pays for them?", "变更什么？费用谁承担？"),
            when="cause has change",
            minimum=2,
        ),
        Item(
            "ready_on",
            Kind.DATE,
            words("Which day can we promise now?", "现在能承诺哪天完成？"),
            words("Checked with those who do the work", "已与施工或发货方核实"),
            when="state = late or state = stopped",
        ),
        Item(
            "told",
            Kind.YES_NO,
            words("Does the customer know the new day?", "客户知道新日期吗？"),
            when="state = late or state = stopped",
            checks=(
                Check(
                    "it",
                    words(
                        "Please call him today: heard from us, a delay is half as bad.",
                        "请今天告知客户：主动说明好过被追问。",
                    ),
                    soft=True,
                ),
            ),
        ),
        Item(
            "complaint",
            Kind.TEXT,
            words("Is he content so far? What not with?", "客户目前满意吗？哪里不满意？"),
            words("Skip if he has no complaint", "没有意见就跳过"),
            required=False,
            minimum=2,
        ),
        Item("accepted", Kind.YES_NO, words("Has he accepted it?", "客户验收了吗？"), when="done = 100"),
        Item(
            "protocol",
            Kind.PHOTO,
            words("Photo of the signed acceptance", "签字验收单照片"),
            when="accepted",
        ),
        Item(
            "refused_why",
            Kind.TEXT,
            words("What is he waiting for?", "为什么还没验收？"),
            when="accepted = no",
            minimum=2,
        ),
    ),
)
