"""Find the header row of a customer list and what each of its columns holds, in English or Chinese."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.customer_problem import Field, Problem, Reason
from bot.domain.search import normal
from bot.domain.sheet import Cell, Row

# Titles, dates and notes stand above the header in lists that were made to be printed, but never more than this.
_ROWS_ABOVE = 20

_BRACKETED = re.compile(r"[(（\[【](.*?)[)）\]】]")


@dataclass(frozen=True)
class Columns:
    """Where the fields are: `places` from field to column index, `ignored` the titles that mean nothing here.

    `radius_unit` is metres per unit of the radius column. `latitude_first` is what the title of a single column of
    coordinates says about their order, None where it says nothing.
    """

    header_row: int
    places: Mapping[Field, int]
    ignored: tuple[str, ...]
    radius_unit: float = 1.0
    latitude_first: bool | None = None


def find_columns(rows: Sequence[Row]) -> Columns | Problem:
    """Read the header: the first of the rows with the most titles that we know."""
    best, known = None, 0
    for row in rows[:_ROWS_ABOVE]:
        count = len({field for _, _, field in _titles(row.cells) if field})
        if count > known:
            best, known = row, count
    if best is None:
        return Problem(Reason.NO_HEADER)

    places: dict[Field, int] = {}
    titles: dict[Field, str] = {}
    ignored: list[str] = []
    for index, title, field in _titles(best.cells):
        if field is None:
            ignored.append(title)
        elif field in places:
            return Problem(Reason.DOUBLE_COLUMN, best.number, field, f"{titles[field]}, {title}")
        else:
            places[field], titles[field] = index, title
    if Field.NAME not in places:
        # One word that happens to be a title ("Phone") does not make a header.
        reason = Reason.NO_NAME_COLUMN if known > 1 else Reason.NO_HEADER
        return Problem(reason, best.number, Field.NAME, ", ".join(titles.values()))
    if (Field.LATITUDE in places) != (Field.LONGITUDE in places):
        missing = Field.LONGITUDE if Field.LATITUDE in places else Field.LATITUDE
        return Problem(Reason.HALF_POSITION_COLUMNS, best.number, missing)
    if Field.COORDINATES in places and Field.LATITUDE in places:
        both = f"{titles[Field.COORDINATES]}, {titles[Field.LATITUDE]}"
        return Problem(Reason.DOUBLE_COLUMN, best.number, Field.COORDINATES, both)
    return Columns(
        best.number,
        places,
        tuple(ignored),
        1000.0 if _in_kilometres(titles.get(Field.FENCE_RADIUS, "")) else 1.0,
        _latitude_first(titles.get(Field.COORDINATES, "")),
    )


def _titles(cells: Sequence[Cell]) -> Iterator[tuple[int, str, Field | None]]:
    for index, cell in enumerate(cells):
        if isinstance(cell, str) and cell.strip():
            title = " ".join(cell.split())
            bare = normal(_BRACKETED.sub("", title))
            yield index, title, _FIELDS.get(normal(title)) or _FIELDS.get(bare)


def _in_kilometres(title: str) -> bool:
    return any(normal(unit) in {"km", "公里", "千米", "kilometres", "kilometers"} for unit in _BRACKETED.findall(title))


def _latitude_first(title: str) -> bool | None:
    """The order that a title such as `坐标(经度,纬度)` or `Lat/Lng` promises."""
    text = normal(title)
    north = min((text.find(word) for word in ("lat", "纬") if word in text), default=-1)
    east = min((text.find(word) for word in ("lng", "lon", "经") if word in text), default=-1)
    return None if north < 0 or east < 0 else north < east


# Titles without spaces, punctuation and case. Left out are those that mean something else as often as not: 序号 and
# No. count the rows, 类型 and Type may be anything, 位置 and Location are addresses more often than coordinates.
_WORDS: dict[Field, str] = {
    Field.EXTERNAL_ID: """编号 客户编号 客户编码 编码 客户代码 代码 客户号 客户id 门店编号 门店编码 外部编号
        id externalid customerid customercode customerno customernumber code storeid storecode shopid accountid""",
    Field.NAME: """客户名称 名称 客户 客户名 客户全称 店名 店铺名称 门店 门店名称 商户 商户名称 公司 公司名称 单位名称
        企业名称 终端名称 网点名称 name customer customername company companyname shop shopname store storename
        account accountname outlet outletname""",
    Field.ALIASES: "别名 简称 客户简称 曾用名 俗称 aliases alias shortname alsoknownas aka othernames",
    Field.GRADE: "等级 级别 客户等级 客户级别 评级 分级 客户分级 grade customergrade level customerlevel tier",
    Field.CLASS: "类别 客户类别 客户分类 意向程度 class customerclass",
    Field.TAGS: "标签 客户标签 tags tag labels label",
    Field.INDUSTRY: "行业 所属行业 客户行业 industry sector",
    Field.REGION: "区域 地区 大区 片区 所属区域 所在地区 城市 所在城市 region area territory district city",
    Field.ADDRESS: "地址 详细地址 客户地址 门店地址 联系地址 公司地址 address streetaddress fulladdress",
    Field.LATITUDE: "纬度 北纬 纬度lat lat latitude 纬度latitude gps纬度 gpslatitude",
    Field.LONGITUDE: "经度 东经 经度lng 经度lon lng lon long longitude 经度longitude gps经度 gpslongitude",
    Field.COORDINATES: """坐标 经纬度 纬经度 经纬度坐标 坐标经纬度 gps坐标 gps 坐标点 coordinates coordinate coords
        gpscoordinates latlng lnglat latlon lonlat latlong longlat latitudelongitude longitudelatitude""",
    Field.DATUM: "坐标系 坐标系统 坐标类型 坐标体系 datum crs coordinatesystem",
    Field.FENCE_RADIUS: """半径 围栏 围栏半径 打卡半径 签到半径 打卡范围 签到范围 radius fence fenceradius geofence
        checkinradius""",
    Field.CONTACT_NAME: "联系人 联系人姓名 客户联系人 姓名 contact contactname contactperson",
    Field.PHONE: """电话 手机 手机号 手机号码 电话号码 联系电话 联系人电话 联系人手机 联系方式 客户电话 phone
        phonenumber mobile mobilephone mobilenumber telephone tel contactphone cellphone""",
    Field.NOTE: "备注 说明 客户备注 note notes remark remarks comment comments",
    Field.OWNER: """负责人 业务员 销售 销售员 销售代表 业务代表 跟进人 归属人 所属业务员 所属销售 客户经理 owner owners
        rep salesrep salesperson salesman assignee accountmanager responsible""",
}
_FIELDS: Mapping[str, Field] = {normal(word): field for field, text in _WORDS.items() for word in text.split()}
