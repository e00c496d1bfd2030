"""What the sheets and columns of a checklist file are called, in English and Chinese, and the words in their cells."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from bot.domain.sop import Kind


class Table(StrEnum):
    """The sheets of a file; in YAML the parts of its document."""

    CHECKLIST = "checklist"
    ITEMS = "items"
    GROUPS = "groups"


class Field(StrEnum):
    """What a column holds; in YAML a key."""

    TYPE = "type"
    ORDERED = "ordered"
    KIND = "kind"
    ID = "id"
    TITLE_EN = "title_en"
    TITLE_ZH = "title_zh"
    HINT_EN = "hint_en"
    HINT_ZH = "hint_zh"
    REQUIRED = "required"
    CHOICES = "choices"
    UNIT = "unit"
    LEAST = "least"
    MOST = "most"
    MINIMUM = "minimum"
    WHEN = "when"
    GROUP = "group"
    CHECK = "check"
    MESSAGE_EN = "message_en"
    MESSAGE_ZH = "message_zh"
    SOFT = "soft"
    ENTRIES = "entries"
    OPEN = "open"


F = Field
COLUMNS: Mapping[Table, tuple[Field, ...]] = {
    Table.ITEMS: (
        *(F.KIND, F.ID, F.TITLE_EN, F.TITLE_ZH, F.HINT_EN, F.HINT_ZH, F.REQUIRED, F.CHOICES, F.UNIT, F.LEAST, F.MOST),
        *(F.MINIMUM, F.WHEN, F.GROUP, F.CHECK, F.MESSAGE_EN, F.MESSAGE_ZH, F.SOFT),
    ),
    Table.GROUPS: (F.ID, F.TITLE_EN, F.TITLE_ZH, F.ENTRIES, F.OPEN, F.REQUIRED),
    Table.CHECKLIST: (F.TYPE, F.TITLE_EN, F.TITLE_ZH, F.ORDERED),
}

# As they are compared: folded, without spaces and signs
_TABLES: Mapping[Table, frozenset[str]] = {
    Table.CHECKLIST: frozenset({"checklist", "sop", "清单", "检查清单", "检查表"}),
    Table.ITEMS: frozenset({"items", "item", "检查项", "项目", "题目"}),
    Table.GROUPS: frozenset({"groups", "group", "分组", "组"}),
}
_TITLES: Mapping[Field, frozenset[str]] = {
    F.TYPE: frozenset({"type", "visittype", "typeofvisit", "类型", "拜访类型"}),
    F.ORDERED: frozenset({"ordered", "inorder", "inthisorder", "按顺序", "顺序"}),
    F.KIND: frozenset({"kind", "type", "kindofanswer", "题型", "类型", "种类"}),
    F.ID: frozenset({"id", "编号", "代码"}),
    F.TITLE_EN: frozenset({"title", "titleen", "titleenglish", "englishtitle", "英文标题", "标题英文"}),
    F.TITLE_ZH: frozenset({"titlezh", "titlechinese", "chinesetitle", "titlezhhans", "标题", "中文标题", "标题中文"}),
    F.HINT_EN: frozenset({"hint", "hinten", "hintenglish", "englishhint", "英文提示", "提示英文"}),
    F.HINT_ZH: frozenset({"hintzh", "hintchinese", "chinesehint", "hintzhhans", "提示", "中文提示", "提示中文"}),
    F.REQUIRED: frozenset({"required", "mandatory", "必填", "必答", "是否必填"}),
    F.CHOICES: frozenset({"choices", "options", "选项"}),
    F.UNIT: frozenset({"unit", "单位"}),
    F.LEAST: frozenset({"least", "min", "smallest", "最小值", "下限"}),
    F.MOST: frozenset({"most", "max", "largest", "最大值", "上限"}),
    F.MINIMUM: frozenset({"minimum", "howmany", "atleasthowmany", "最少数量", "最少"}),
    F.WHEN: frozenset({"condition", "when", "askedif", "条件", "提问条件", "显示条件"}),
    F.GROUP: frozenset({"group", "分组", "组", "所属分组"}),
    F.CHECK: frozenset({"check", "checks", "musthold", "校验", "校验条件"}),
    F.MESSAGE_EN: frozenset({"message", "messageen", "messageenglish", "englishmessage", "英文提示语", "提示语英文"}),
    F.MESSAGE_ZH: frozenset(
        {"messagezh", "messagechinese", "chinesemessage", "messagezhhans", "提示语", "中文提示语", "提示语中文"}
    ),
    F.SOFT: frozenset({"soft", "onlyask", "warningonly", "仅提醒", "只提醒"}),
    F.ENTRIES: frozenset({"entries", "条目", "组内条目"}),
    F.OPEN: frozenset({"open", "repnamesmore", "开放", "可自填"}),
}
_KINDS: Mapping[Kind, frozenset[str]] = {
    Kind.YES_NO: frozenset({"yesno", "yesorno", "boolean", "是否", "是或否"}),
    Kind.ONE_OF: frozenset({"oneof", "singlechoice", "单选", "单选题"}),
    Kind.SEVERAL_OF: frozenset({"severalof", "multiplechoice", "多选", "多选题"}),
    Kind.NUMBER: frozenset({"number", "数字", "数量", "数值"}),
    Kind.MONEY: frozenset({"money", "amountofmoney", "price", "金额", "价格"}),
    Kind.TEXT: frozenset({"text", "freetext", "文字", "文本"}),
    Kind.PHOTO: frozenset({"photo", "picture", "照片", "图片", "拍照"}),
    Kind.CONTACT: frozenset({"contact", "contactcard", "联系人", "名片"}),
    Kind.DATE: frozenset({"date", "日期"}),
    Kind.RATING: frozenset({"rating", "评分", "打分"}),
    Kind.CODE: frozenset({"code", "barorqrcode", "barcode", "qrcode", "条码", "二维码", "条码或二维码"}),
}
_YES = frozenset({"yes", "y", "true", "1", "x", "✓", "✔", "是", "对", "必填", "√"})
_NO = frozenset({"no", "n", "false", "0", "否", "不", "不是"})


def table_called(name: str) -> Table | None:
    """The table that a sheet or a part of a document is called."""
    return next((table for table, names in _TABLES.items() if folded(name) in names), None)


def field_called(table: Table, title: str) -> Field | None:
    """The field of a table that a column's title or a key means."""
    return next((field for field in COLUMNS[table] if folded(title) in _TITLES[field]), None)


def kind_called(word: str) -> Kind | None:
    """The kind that a word means."""
    return next((kind for kind, words in _KINDS.items() if folded(word) in words), None)


def yes_or_no(word: str) -> bool | None:
    """What a word answers; None where it is neither."""
    word = unicodedata.normalize("NFKC", word).strip().casefold()
    return True if word in _YES else False if word in _NO else None


def folded(text: str) -> str:
    """A title without the spaces, brackets and signs that people put between its words."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalnum())
