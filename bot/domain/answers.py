"""What an input means as the answer to an item, by the item's kind; a refusal says what the item takes."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from bot.domain.conversation import ContactShared, Input, Photographed, Refusal, Said
from bot.domain.numerals import read_number
from bot.domain.sop import ENTRIES_MOST, LABEL_MOST, Choice, Item, Kind
from bot.domain.when import Past, Understood, read_when

Value = bool | float | str | list[str] | dict[str, str] | None
TEXT_MOST = 2000  # characters of one answer
RATING_MOST = 5  # the best mark where an item names none
YES = ("yes", "y", "是", "有", "对", "好", "ok", "是的", "有的")
NO = ("no", "n", "否", "没有", "没", "不", "无", "不是")

_SEPARATORS = re.compile(r"[,，、;；\n]+")
_CURRENCY = re.compile(r"^(?:[¥￥$€£]|rmb|cny|usd|eur)\s*|\s*(?:[¥￥$€£]|rmb|cny|usd|eur|元|块|yuan)$", re.IGNORECASE)
_PHONE = re.compile(r"\+?\d[\d\s().-]{4,18}\d")
_CODE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?")


def value_of(item: Item, given: Input, now: datetime) -> Value:
    """The answer; `now` is local to the rep. Refuses with what the item takes."""
    match item.kind, given:
        case Kind.PHOTO | Kind.CODE, Photographed():
            return None  # the photo is the answer, or a code is read from it later
        case Kind.TEXT, Said(text):
            return _text(item, text)
        case Kind.NUMBER | Kind.MONEY | Kind.RATING, Said(text):
            return _amount(item, text)
        case Kind.YES_NO | Kind.ONE_OF, Said(text):
            return choice_of(item, text)
        case Kind.SEVERAL_OF, Said(text):
            return _several(item, text)
        case Kind.DATE, Said(text):
            return _date(item, text, now)
        case Kind.CONTACT, ContactShared() as card:
            return {"name": card.name, "phone": card.phone}
        case Kind.CONTACT, Said(text):
            return _contact(item, text)
        case Kind.CODE, Said(text):
            return _code(item, text)
        case Kind.NAMES, Said(text):
            return _names(item, text)
        case _:
            raise Refusal(f"checklist/wants_{item.kind}", **facts(item))


def takes(item: Item, given: Input, now: datetime) -> bool:
    """Whether an input could be the item's answer."""
    try:
        value_of(item, given, now)
    except Refusal:
        return False
    return True


def kind_of(given: Input) -> tuple[Kind, ...]:
    """The kinds that an input says by itself that it is; words may be anything."""
    match given:
        case Photographed():
            return (Kind.PHOTO, Kind.CODE)
        case ContactShared():
            return (Kind.CONTACT,)
        case Said(text) if read_number(text) is not None:
            return (Kind.NUMBER, Kind.MONEY)
        case Said(text) if _CURRENCY.search(text.strip()) and _read_money(text) is not None:
            return (Kind.MONEY,)
        case _:
            return ()


def choice_of(item: Item, choice: str) -> Value:
    """A tapped choice or its typed wording, in any language."""
    choice = _folded(choice)
    if item.kind is Kind.YES_NO:
        if choice in YES:
            return True
        if choice in NO:
            return False
    for known in item.choices:
        if choice in _wordings(known):
            return known.id
    raise Refusal(f"checklist/wants_{item.kind}", **facts(item))


def several_of(item: Item, ids: Iterable[str]) -> Value:
    """Ticked choices, in their order; refuses fewer than the item wants."""
    ticked = set(ids)
    chosen = [choice.id for choice in item.choices if choice.id in ticked]
    if len(chosen) < item.minimum:
        raise Refusal("checklist/wants_several_of", **facts(item))
    return chosen


def best_mark(item: Item) -> int:
    """A rating goes from 1 to this."""
    return int(item.most or RATING_MOST)


def is_currency(unit: str) -> bool:
    """Whether a unit is money: yuan, 元, €."""
    return _CURRENCY.fullmatch(unit.strip()) is not None


def facts(item: Item) -> dict[str, Any]:
    """What a refusal says of an item."""
    return {
        "item": dict(item.title),
        "unit": dict(item.unit),
        "least": item.least,
        "most": best_mark(item) if item.kind is Kind.RATING else item.most,
        "minimum": item.minimum,
    }


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _wordings(choice: Choice) -> tuple[str, ...]:
    return (choice.id.casefold(), *(_folded(label) for label in choice.label.values()))


def _text(item: Item, text: str) -> str:
    text = text.strip()
    if len(text) < item.minimum:
        raise Refusal("checklist/too_short", **facts(item))
    if len(text) > TEXT_MOST:
        raise Refusal("checklist/too_long", most=TEXT_MOST, length=len(text))
    return text


def _amount(item: Item, text: str) -> float:
    number = _read_money(text) if item.kind is Kind.MONEY else read_number(text)
    if number is None or (item.kind is Kind.RATING and not number.is_integer()):
        raise Refusal(f"checklist/wants_{item.kind}", **facts(item))
    least = 1 if item.kind is Kind.RATING else item.least
    most = best_mark(item) if item.kind is Kind.RATING else item.most
    if (least is not None and number < least) or (most is not None and number > most):
        raise Refusal("checklist/out_of_bounds", number=number, **{**facts(item), "least": least})
    return number


def _read_money(text: str) -> float | None:
    number = read_number(_CURRENCY.sub("", _CURRENCY.sub("", unicodedata.normalize("NFKC", text).strip())))
    return round(number, 2) if number is not None else None


def _several(item: Item, text: str) -> Value:
    words = [_folded(word) for word in _SEPARATORS.split(text) if word.strip()]
    chosen = []
    for word in words:
        numbered = item.choices[int(word) - 1] if word.isdecimal() and 0 < int(word) <= len(item.choices) else None
        found = numbered or next((choice for choice in item.choices if word in _wordings(choice)), None)
        if found is None:
            raise Refusal("checklist/wants_several_of", **facts(item))
        chosen.append(found.id)
    return several_of(item, chosen)


def _date(item: Item, text: str, now: datetime) -> str:
    """A day is taken when it is sure; of what points back, the day itself, as an answer may be a day that is over."""
    reading = read_when(text, now)
    day: date | None = None
    if isinstance(reading, Understood | Past):
        day = reading.due_on
    if day is None:
        raise Refusal("checklist/wants_date", **facts(item))
    return day.isoformat()


def _contact(item: Item, text: str) -> dict[str, str]:
    """A name and a phone number in any order, and a title after the name."""
    folded = unicodedata.normalize("NFKC", text).strip()
    phone = _PHONE.search(folded)
    name = " ".join((folded[: phone.start()] + " " + folded[phone.end() :]).split()) if phone else ""
    name = name.strip(" ,，、;:：-")
    if phone is None or not name or len(name) > LABEL_MOST * 2:
        raise Refusal("checklist/wants_contact", **facts(item))
    return {"name": name, "phone": re.sub(r"[\s().-]", "", phone[0])}


def _code(item: Item, text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip()
    if not _CODE.fullmatch(text):
        raise Refusal("checklist/wants_code", **facts(item))
    return text


def _names(item: Item, text: str) -> list[str]:
    """What a group shall be asked about besides what is known; doubles are one."""
    names = list(dict.fromkeys(" ".join(part.split()) for part in _SEPARATORS.split(text) if part.strip()))
    if not names or len(names) > ENTRIES_MOST or any(len(name) > LABEL_MOST for name in names):
        raise Refusal("checklist/wants_names", **{**facts(item), "most": ENTRIES_MOST})
    return names
