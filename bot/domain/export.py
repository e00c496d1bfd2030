"""What can be taken out as a file: of what, in which form, for which days, and who may."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.conversation import Refusal
from bot.domain.people import Person, Role


class What(StrEnum):
    """What a file is about."""

    CUSTOMERS = "customers"
    VISITS = "visits"
    FOLLOWUPS = "followups"
    PHOTOS = "photos"
    PEOPLE = "people"


class Form(StrEnum):
    """How a file is written."""

    XLSX = "xlsx"
    CSV = "csv"
    GEOJSON = "geojson"
    ZIP = "zip"


FORMS: Mapping[What, tuple[Form, ...]] = {
    What.CUSTOMERS: (Form.XLSX, Form.CSV, Form.GEOJSON),
    What.VISITS: (Form.XLSX, Form.CSV, Form.GEOJSON),
    What.FOLLOWUPS: (Form.XLSX, Form.CSV),
    What.PHOTOS: (Form.ZIP,),
    What.PEOPLE: (Form.XLSX, Form.CSV),
}
OF_DAYS = frozenset((What.VISITS, What.FOLLOWUPS, What.PHOTOS))
# Excel, WPS and LibreOffice calculate a cell of a csv that begins like this, the wide signs on Chinese systems
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
# and make numbers of these, which loses the zeros in front or all digits after the fifteenth
_CODE = re.compile(r"0\d+|\d{12,}")


@dataclass(frozen=True)
class Days:
    """Local dates, both counted."""

    first_on: date
    last_on: date


@dataclass(frozen=True)
class Order:
    """A file that somebody wants; `days` is None for what has none, and for everything there is."""

    what: What
    form: Form
    days: Days | None = None

    def as_json(self) -> dict[str, Any]:
        """As the store and the audit keep it."""
        days = {name: day.isoformat() for name, day in asdict(self.days).items()} if self.days is not None else {}
        return {"what": self.what.value, "form": self.form.value, **days}

    @staticmethod
    def of(kept: Mapping[str, Any]) -> "Order":
        """From `as_json`."""
        days = (
            Days(*(date.fromisoformat(kept[name]) for name in ("first_on", "last_on"))) if "first_on" in kept else None
        )
        return Order(What(kept["what"]), Form(kept["form"]), days)


def offered(person: Person) -> tuple[What, ...]:
    """What somebody may take out: an admin everything, a manager what his teams do, nobody else anything."""
    if Role.ADMIN in person.roles:
        return tuple(What)
    return tuple(what for what in What if what is not What.PEOPLE) if Role.MANAGER in person.roles else ()


def usual_days(today: date) -> dict[str, Days]:
    """The stretches of days that are asked for most, by name."""
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    return {
        "week": Days(today - timedelta(days=6), today),
        "month": Days(first, today),
        "last_month": Days(before.replace(day=1), before),
        "quarter": Days(today - timedelta(days=89), today),
    }


def defused(text: str) -> str:
    """A text for a csv: whatever a table would calculate or shorten gets the apostrophe that keeps it a text.

    `armed` is the way back; what begins with apostrophes before such a sign gets one more, or they would be lost.
    """
    return f"'{text}" if _FORMULA.match(text) or _CODE.fullmatch(text) else text


def armed(text: str) -> str:
    """The text that `defused` was given."""
    if text.startswith("'") and (_FORMULA.match(text) or text[1:].isdecimal()):
        return text[1:]
    return text


# --- as it is typed ---------------------------------------------------------------------------

_WORDS = {
    **{what.value: what for what in What},
    **dict.fromkeys(("客户", "门店"), What.CUSTOMERS),
    **dict.fromkeys(("拜访", "visit"), What.VISITS),
    **dict.fromkeys(("跟进", "follow-ups", "followup"), What.FOLLOWUPS),
    **dict.fromkeys(("照片", "photo"), What.PHOTOS),
    **dict.fromkeys(("人员", "team"), What.PEOPLE),
}
_FORM_WORDS = {**{form.value: form for form in Form}, "excel": Form.XLSX, "json": Form.GEOJSON}
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2}))?")


def read_order(text: str) -> tuple[What | None, Form | None, Days | None]:
    """What `visits 2026-11-01 2026-11-30 csv` asks for; None for what it does not say. Refuses what it cannot read."""
    words = text.split()
    what = _WORDS.get(words[0].casefold()) if words else None
    form = _FORM_WORDS.get(words[-1].casefold()) if words else None
    rest = " ".join(words[what is not None : len(words) - (form is not None)])
    if words and what is None:
        raise Refusal("export/what_is_that", typed=text[:60])
    return what, form, read_days(rest) if rest else None


def read_days(text: str) -> Days:
    """The days of two dates in either order, of one date, or of a month (`2026-11`). Refuses anything else."""
    stretches = [_stretch(*(int(part) for part in found.groups() if part)) for found in _DAY.finditer(text)]
    known = [stretch for stretch in stretches if stretch is not None]
    if not 1 <= len(known) <= 2 or len(known) < len(stretches):
        raise Refusal("export/no_days", typed=text[:60])
    return Days(min(days.first_on for days in known), max(days.last_on for days in known))


def _stretch(year: int, month: int, day: int | None = None) -> Days | None:
    """A day, or a whole month; None for one that no calendar has."""
    try:
        first = date(year, month, day or 1)
        return Days(first, first if day is not None else first.replace(day=monthrange(year, month)[1]))
    except ValueError:
        return None
