"""The inspection of what stands at a customer's: does it run, is it safe, what was mended, what is still open."""

from bot.domain.shipped.wording import choice, words
from bot.domain.sop import Check, Item, Kind, Sop

INSPECTION = Sop(
    type="inspection",
    title=words("Inspection", "巡检"),
    items=(
        Item(
            "device",
            Kind.CODE,
            words("Number of the device", "设备编号"),
            words("On its label; skip if there is none", "见设备标签，没有就跳过"),
            required=False,
        ),
        Item(
            "overview",
            Kind.PHOTO,
            words("Photo of the device where it stands", "设备现场照片"),
            words("With what is around it: access, cables, wetness", "拍到周围：通道、线路、积水"),
        ),
        Item(
            "state",
            Kind.ONE_OF,
            words("Does it run?", "设备运行正常吗？"),
            choices=(
                choice("runs", "Runs well", "正常"),
                choice("flawed", "Runs with flaws", "带病运行"),
                choice("stands", "Stands still", "停机"),
            ),
        ),
        Item(
            "fault",
            Kind.SEVERAL_OF,
            words("What is the fault?", "有哪些故障？"),
            when="state != runs",
            choices=(
                choice("power", "Power", "电源"),
                choice("noise", "Noise or shaking", "异响振动"),
                choice("leak", "Leak", "泄漏"),
                choice("heat", "Too hot or cold", "温度异常"),
                choice("worn", "Worn part", "部件磨损"),
                choice("operation", "Wrong operation", "操作不当"),
                choice("other", "Something else", "其他"),
            ),
        ),
        Item(
            "fault_photo",
            Kind.PHOTO,
            words("Photo of the fault", "故障部位照片"),
            words("Near enough that a colleague can tell the part", "拍近些，让同事能认出部件"),
            when="state != runs",
        ),
        Item(
            "mended",
            Kind.ONE_OF,
            words("What came of it?", "处理结果？"),
            when="state != runs",
            choices=(
                choice("mended", "Mended by me", "已现场修复"),
                choice("part", "Part ordered", "已订配件"),
                choice("service", "Service called", "已报修"),
                choice("open", "Nothing yet", "尚未处理"),
            ),
        ),
        Item(
            "mended_by",
            Kind.DATE,
            words("By which day will it run?", "哪天能恢复？"),
            words("The day that you told the customer", "您答复客户的日期"),
            when="state != runs and mended != mended",
        ),
        Item(
            "clean",
            Kind.YES_NO,
            words("Clean, dry and free to reach?", "清洁、干燥、通道畅通吗？"),
            required=False,
        ),
        Item(
            "danger",
            Kind.YES_NO,
            words("Is there a danger to people or goods?", "有安全隐患吗？"),
            words("Bare wires, fire, falling, food that spoils", "裸线、火险、坠落、食品变质"),
        ),
        Item(
            "danger_what",
            Kind.TEXT,
            words("Which danger, and what did you do at once?", "什么隐患？您当场做了什么？"),
            words("Who was told, and what was switched off", "告知了谁、停用了什么"),
            when="danger",
            minimum=5,
        ),
        Item(
            "told",
            Kind.YES_NO,
            words("Have you told the customer what you found?", "检查结果告知客户了吗？"),
            when="danger or state != runs",
            checks=(
                Check(
                    "it",
                    words("He should hear it from you before you leave.", "请在离开前告知客户。"),
                    soft=True,
                ),
            ),
        ),
        Item(
            "advice",
            Kind.TEXT,
            words("Advice: spare parts, service, training?", "建议：备件、保养、培训？"),
            words("Skip if nothing is needed", "不需要就跳过"),
            required=False,
            minimum=2,
        ),
    ),
)
