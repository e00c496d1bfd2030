"""Read one cell of a customer list: what people and Excel write into it, as the value that it means."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bot.domain.customer import CustomerClass, Grade
from bot.domain.customer_problem import BadCell, Reason
from bot.domain.datum import Datum
from bot.domain.search import normal
from bot.domain.sheet import Cell

# Excel keeps 15 digits; a longer number has already lost its last ones before we see it.
_EXACT_DIGITS = 15
# How many decimals Excel leaves when it shortens a number to fit its column.
_EXCEL_DECIMALS = 5
_SHORTENED = re.compile(r"(\d)(?:\.(\d+))?E\+(\d{1,3})", re.IGNORECASE)
_EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}


def shown(cell: Cell) -> str:
    """The cell's text as the person sees it, to be quoted back; control characters and half characters removed."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.isprintable():
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**_EXACT_DIGITS:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    lines = str(cell).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (each for each in lines if each == "\n" or unicodedata.category(each) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def text(cell: Cell, limit: int) -> str:
    """One line of at most `limit` characters. Raises `BadCell`."""
    return _short_enough(" ".join(_sound(cell).split()), limit)


def note(cell: Cell, limit: int) -> str:
    """Text that may have several lines. Raises `BadCell`."""
    return _short_enough(_sound(cell), limit)


def code(cell: Cell, limit: int) -> str:
    """An id or a phone as text: 1001.0 is `1001`, `007` stays, and what Excel has rounded is refused.

    A csv saved by Excel holds `1.38001E+10` for a phone in a narrow column: its last digits are gone, and a wrong
    number is worse than none. `1.3800138E+10`, as programs write it, has all that are not zero, and is taken.
    """
    if isinstance(cell, int | float) and abs(cell) >= 10**_EXACT_DIGITS:
        raise BadCell(Reason.ROUNDED_NUMBER)
    written = unicodedata.normalize("NFKC", text(cell, limit))
    if shortened := _SHORTENED.fullmatch(written):
        decimals = len(shortened[2] or "")
        if decimals <= _EXCEL_DECIMALS and decimals < int(shortened[3]):
            raise BadCell(Reason.ROUNDED_NUMBER)
        return str(int(Decimal(written)))
    return written[: written.index(".")] if re.fullmatch(r"\d+\.0+", written) else written


def several(cell: Cell, limit: int) -> tuple[str, ...]:
    """The distinct entries of a cell such as `火锅、学校旁; VIP`, each at most `limit` characters."""
    entries = (" ".join(entry.split()).lstrip("#") for entry in re.split(r"[,，;；、|\n]", _sound(cell)))
    return tuple(dict.fromkeys(_short_enough(entry, limit) for entry in entries if entry))


def grade(cell: Cell) -> Grade:
    """`A`, `a级`, `Ａ类客户` and `Grade A` are grade A. Raises `BadCell`."""
    written = re.sub(r"客户|grade|级|类|等|档", "", normal(_sound(cell)))
    try:
        return Grade(written.upper())
    except ValueError:
        raise BadCell(Reason.UNKNOWN_GRADE) from None


def customer_class(cell: Cell) -> CustomerClass:
    """Raises `BadCell` for a word that is none of the classes'."""
    found = _CLASSES.get(normal(_sound(cell)).removesuffix("客户").removesuffix("customer"))
    if found is None:
        raise BadCell(Reason.UNKNOWN_CLASS)
    return found


def datum(cell: Cell) -> Datum:
    """The datum by its own name or by the map that uses it. Raises `BadCell`."""
    written = normal(_sound(cell))
    for pattern, found in _DATUMS:
        if re.fullmatch(pattern, written):
            return found
    raise BadCell(Reason.UNKNOWN_DATUM)


def radius(cell: Cell, metres_per_unit: float, bounds: tuple[float, float]) -> float:
    """Metres from `200`, `200m`, `200米` or `0.5 公里`, within the bounds. Raises `BadCell`."""
    written = unicodedata.normalize("NFKC", _sound(cell)).casefold().replace(" ", "")
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(m|米|metres?|meters?|km|公里|千米)?", written)
    if match is None:
        raise BadCell(Reason.BAD_RADIUS)
    if match[2]:
        metres_per_unit = 1000 if match[2] in {"km", "公里", "千米"} else 1
    metres = float(match[1]) * metres_per_unit
    if not bounds[0] <= metres <= bounds[1]:
        raise BadCell(Reason.BAD_RADIUS)
    return metres


_NUMBER = r"[+-]?\d{1,9}(?:\.\d*)?"
_DEGREES = re.compile(
    rf"(?P<before>[NSEW北南东西]?)[纬经]?:?(?P<degrees>{_NUMBER})"
    r"(?:[°度](?:(?P<minutes>\d{1,2}(?:\.\d+)?)['′’分](?:(?P<seconds>\d{1,2}(?:\.\d+)?)(?:[\"”秒]|''|′′))?)?)?"
    r"(?P<after>[NSEW]?)"
)


def degrees(cell: Cell) -> float:
    """Degrees from a number, `121.49°`, `121,49`, `东经121.49` or `31°13'44.7"N`. Raises `BadCell`."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not math.isfinite(cell):
            raise BadCell(Reason.UNREADABLE_COORDINATES)
        return float(cell)
    written = unicodedata.normalize("NFKC", _sound(cell)).upper().replace(" ", "")
    # A comma between digits is the decimal point of half of Europe.
    if re.fullmatch(r"[+-]?\d{1,3},\d+", written):
        written = written.replace(",", ".")
    match = _DEGREES.fullmatch(written)
    if match is None:
        raise BadCell(Reason.UNREADABLE_COORDINATES)
    minutes = float(match["minutes"] or 0) + float(match["seconds"] or 0) / 60
    value = float(match["degrees"])
    value = math.copysign(abs(value) + minutes / 60, value)
    return -value if {match["before"], match["after"]} & {"S", "W", "南", "西"} else value


def pair(cell: Cell) -> tuple[float, float]:
    """The two numbers of `121.49,31.22`, in the order in which they stand. Raises `BadCell`."""
    written = unicodedata.normalize("NFKC", _sound(cell)).strip("()[]{} ")
    parts = [part for part in re.split(r"[,;、/|\s]+", written) if part]
    if len(parts) != 2:
        raise BadCell(Reason.UNREADABLE_COORDINATES)
    return degrees(parts[0]), degrees(parts[1])


def _sound(cell: Cell) -> str:
    written = shown(cell)
    if written in _EXCEL_ERRORS:
        raise BadCell(Reason.ERROR_CELL)
    return written


def _short_enough(written: str, limit: int) -> str:
    if len(written) > limit:
        raise BadCell(Reason.TOO_LONG)
    return written


_CLASSES = {
    **dict.fromkeys(("potential", "lead", "潜在", "潜力"), CustomerClass.POTENTIAL),
    **dict.fromkeys(("interested", "prospect", "意向", "有意向", "感兴趣"), CustomerClass.INTERESTED),
    **dict.fromkeys(("key", "vip", "重点", "关键", "核心", "大"), CustomerClass.KEY),
}
_DATUMS = (
    (r"(bd|bd0?9|bd09ll|baidu|百度)(map|maps|地图|坐标系?|经纬度)?", Datum.BD09),
    (r"(gcj|gcj0?2|amap|gaode|autonavi|高德|tencent|qq|腾讯|火星|国测局)(map|maps|地图|坐标系?)?", Datum.GCJ02),
    # Google is not here: its points are WGS-84 or GCJ-02 depending on how they were read off.
    (r"(wgs|wgs84|epsg4326|gps|osm|openstreetmap|地球)(坐标系?)?", Datum.WGS84),
)
