"""The words in which an admin writes an item: kinds, required or not, and what a title lets guess."""

import re
import unicodedata
from collections.abc import Callable, Collection

from bot.domain.sop import Kind, Wording
from bot.domain.sop_checking import ID_MOST, RESERVED

KINDS: dict[Kind, tuple[str, ...]] = {
    Kind.YES_NO: ("yes/no", "yes no", "yes or no", "yesno", "y/n", "是否", "是/否", "是非"),
    Kind.ONE_OF: ("one of", "choose one", "choice", "单选", "选一", "选一个"),
    Kind.SEVERAL_OF: ("several of", "several", "any of", "choose several", "multiple choice", "多选", "可多选"),
    Kind.NUMBER: ("number", "count", "integer", "数字", "数量", "数值"),
    Kind.MONEY: ("money", "amount", "price", "金额", "价格", "价钱"),
    Kind.TEXT: ("text", "words", "note", "文字", "文本", "备注"),
    Kind.PHOTO: ("photo", "photos", "picture", "pictures", "照片", "图片", "拍照"),
    Kind.CONTACT: ("contact", "person", "联系人"),
    Kind.DATE: ("date", "day", "日期"),
    Kind.RATING: ("rating", "stars", "marks", "评分", "打分", "星级"),
    Kind.CODE: ("code", "bar code", "barcode", "qr code", "条码", "条形码", "二维码"),
}
_REQUIRED = ("required", "must", "mandatory", "必填", "必须", "必答")
_OPTIONAL = ("optional", "not required", "may be left out", "选填", "可选", "可不填", "非必填")
# The first that fits decides; what a title asks for is told by its end and by a few nouns
_GUESSES: tuple[tuple[Kind, str], ...] = (
    (Kind.PHOTO, r"\b(photos?|pictures?)\b|照片|拍照|图片"),
    (Kind.CODE, r"\b(bar ?code|qr ?code)\b|条码|条形码|二维码"),
    (Kind.MONEY, r"\b(price|amount|cost|value of)\b|价|金额|多少钱"),
    (Kind.NUMBER, r"\b(how many|count|number of|stock|quantity|pieces)\b|数量|库存|多少|几[个件箱排]|件数|箱数"),
    (Kind.DATE, r"\b(date|when|deadline)\b|日期|何时|什么时候|哪天"),
    (Kind.CONTACT, r"\b(contact|phone)\b|联系人|电话"),
    (Kind.RATING, r"\b(rate|rating|satisfied|content)\b|评分|打分|满意"),
    (Kind.TEXT, r"\b(why|what|which|who|how|where)\b|为什么|什么|怎么|哪"),
    (Kind.YES_NO, r"[?？]$|吗$|^(is|are|has|have|does|do|was)\b|是否|有没有"),
)
_CJK = re.compile(r"[\u3400-\u9fff]")
_TWO = re.compile(r"\s+[/|｜]\s+|\s*｜\s*")


def folded(text: str) -> str:
    """As it is compared: one width, one case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def kind_called(text: str) -> Kind | None:
    """The kind that these words mean."""
    wanted = folded(text).rstrip(":： ")
    return next((kind for kind, words in KINDS.items() if wanted == kind.value or wanted in words), None)


def guessed_kind(title: str) -> Kind:
    """What a title most likely asks for; words where it does not tell."""
    wanted = folded(title)
    return next((kind for kind, pattern in _GUESSES if re.search(pattern, wanted)), Kind.TEXT)


def required_by(text: str) -> bool | None:
    """Whether these words say that an item is required, or that it is not; None: neither."""
    wanted = folded(text)
    return True if wanted in _REQUIRED else False if wanted in _OPTIONAL else None


_TALK = frozenset(
    (
        *("hello", "hi", "hey", "good morning", "thanks", "thank you", "ok", "okay", "yes", "no", "done", "ready"),
        *("help", "menu", "back", "stop", "cancel", "end", "finish", "exit", "publish", "preview", "try", "try it"),
        *("test", "save", "undo", "delete", "next", "what", "how", "why"),
        *("你好", "您好", "早上好", "谢谢", "谢谢你", "好", "好的", "是", "是的", "不", "不是", "完成", "好了", "帮助"),
        *(
            "菜单",
            "返回",
            "停止",
            "取消",
            "结束",
            "退出",
            "发布",
            "预览",
            "试一试",
            "测试",
            "保存",
            "撤销",
            "删除",
            "下一步",
        ),
    )
)
_ASKS_US = re.compile(
    r"^(?:(?:how|what|where|why) (?:do|can|should) (?:i|we|you)\b|how to\b|what (?:now|next)|(?:can|could) (?:i|you)\b|"
    r"help me|(?:我?(?:该|要)?)(?:怎么|怎样|如何)(?:改|加|添|删|发布|设|用|做|写|调|排|弄|开始|继续))",
    re.I,
)


def is_talk(text: str) -> bool:
    """Whether words are likely meant for us and are no item: a greeting, a command, a question how it is done."""
    if any(mark in text for mark in ";；\n"):
        return False
    words = folded(text).strip(" .!?,。！？，~～")
    return words in _TALK or _ASKS_US.match(words) is not None


def wording_of(text: str, language: str) -> Wording:
    """A text in the language that it is written in, or both of `Stock / 库存`; figures are in the `language` spoken."""
    parts = [part.strip() for part in _TWO.split(text.strip()) if part.strip()]
    if len(parts) == 2 and bool(_CJK.search(parts[0])) != bool(_CJK.search(parts[1])):
        return {_language(part, language): part for part in parts}
    return {_language(text, language): text.strip()}


def _language(text: str, language: str) -> str:
    if _CJK.search(text):
        return "zh_Hans"
    return "en" if re.search(r"[A-Za-z]{2}", text) else language


def id_for(wording: Wording, taken: Collection[str], sounds: Callable[[str], list[str]]) -> str:
    """An id that tells what it is for, is nobody else's and stays: English words, or how Chinese begins to sound.

    `sounds` gives the sound of each Chinese character of a text.
    """
    english = re.findall(r"[a-z0-9]+", folded(wording.get("en", "")))
    if english:
        name = "_".join(english)
        name = name if len(name) <= ID_MOST else "_".join(english[:3])
    else:
        name = "".join(sound[0] for sound in sounds(folded(next(iter(wording.values()), ""))) if sound)
        name = "".join(re.findall(r"[a-z0-9]+", name))
    name = name[: ID_MOST - 3].strip("_") or "item"
    used = {one.casefold() for one in taken} | RESERVED
    if name.isdecimal() or name in used:
        name = next(f"{name}_{number}" for number in range(2, 1000) if f"{name}_{number}" not in used)
    return name
