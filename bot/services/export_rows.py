"""Rows of the store as a reader's cells: in his words, his local time, numbers as numbers and dates as dates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from html import unescape
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.domain.customer_owners import Owner, Owners
from bot.domain.export import Days, Form
from bot.domain.sheet import Cell
from bot.media.export_files import Column, Layout, Look, Record, Tab
from bot.rendering import Renderer
from storage import export_rows as stored
from storage import people
from storage.database import Connection, Row
from storage.export_rows import Reach

LOOKS = {
    **dict.fromkeys(("customer_id", "external_id", "phone"), Look.TEXT),
    **dict.fromkeys(("words", "what", "note", "no_next", "flags", "next_what", "why", "address"), Look.LONG),
    **dict.fromkeys(("day", "next_on", "due_on", "due", "last_visit"), Look.DAY),
    **dict.fromkeys(("arrived", "left", "sent", "made", "closed", "joined", "seen"), Look.MOMENT),
}
WIDTHS = {Look.LONG: 40, Look.DAY: 12, Look.MOMENT: 17}
WIDE = {"name": 28, "customer": 28, "visit": 8, "number": 8, "grade": 8, "address": 36}
DATUMS = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
BETWEEN = "; "  # several values in a cell, as an import takes them apart again


@dataclass(frozen=True)
class Asker:
    """For whom a file is made: his reach, his words, his clock; flags of visits before `flags_from` are not his."""

    renderer: Renderer
    language: str
    zone: ZoneInfo
    now: datetime
    reach: Reach
    flags_from: date | None = None

    def words(self, name: str) -> Mapping[str, str]:
        """A list of wordings."""
        return self.renderer.words(name, self.language)

    def value(self, name: str | None) -> str | None:
        """A word that the store keeps, as he says it."""
        return self.words("export/values").get(name, name) if name is not None else None

    def local(self, at: datetime | None) -> datetime | None:
        """A moment on his clock, as a table keeps it: without a zone."""
        return at.astimezone(self.zone).replace(tzinfo=None, microsecond=0) if at is not None else None

    def column(self, key: str) -> Column:
        """A column under its title."""
        look = LOOKS.get(key, Look.PLAIN)
        title = self.words("export/columns")[key]
        return Column(key, title, look, WIDE.get(key, WIDTHS.get(look, 14)))

    def sentence(self, message: str, **context: Any) -> str:
        """A message as a cell holds it."""
        zone = self.zone.key
        return unescape(self.renderer.render(message, context, language=self.language, zone=zone, now=self.now).text)


class Source(Protocol):
    """What a file is made from, a batch of rows at a time; it knows its layout when all were read."""

    def batch(self, connection: Connection, after: int) -> tuple[list[Record], int | None]:
        """The records after an id, and the id to go on after: None at the end."""
        ...

    def layout(self, form: Form) -> Layout:
        """How the file is laid out."""
        ...


@dataclass
class Rows:
    """A source of one tab, `name`: `read` gives rows beyond an id, `cells` makes a record of each."""

    asker: Asker
    name: str
    keys: Sequence[str]
    read: Callable[[Connection, int], list[Row[Any]]]
    cells: Callable[[Asker, Row[Any]], dict[str, Cell]]

    def batch(self, connection: Connection, after: int) -> tuple[list[Record], int | None]:
        """See Source."""
        rows = self.read(connection, after)
        return [{self.name: self.cells(self.asker, row)} for row in rows], last_of(rows)

    def layout(self, _form: Form) -> Layout:
        """See Source."""
        columns = [self.asker.column(key) for key in self.keys]
        return Layout([Tab(self.name, self.asker.words("export/files")[self.name], columns)])


def last_of(rows: Sequence[Row[Any]]) -> int | None:
    """The id to go on after; None where a batch was not full."""
    return int(rows[-1].id) if len(rows) == stored.BATCH else None


# --- customers --------------------------------------------------------------------------------

BESIDE = ("former_owner", "team", "last_visit", "due", "wgs84")  # an import leaves these out


@dataclass
class Customers:
    """The customers as their list: what an import reads comes first, under its titles, and changes nothing there."""

    asker: Asker
    _owners: Owners | None = field(default=None, init=False)

    def batch(self, connection: Connection, after: int) -> tuple[list[Record], int | None]:
        """See Source."""
        if self._owners is None:
            self._owners = Owners.of(Owner(one.id, one.name, one.phone) for one in people.list_in(connection, ""))
        rows = stored.list_customers(connection, self.asker.reach, after)
        known = people.list_by_ids(connection, {row.owner_id for row in rows if row.owner_id is not None})
        phones = {person.id: person.phone for person in known.values()}
        return [{"customers": self._cells(row, self._owners, phones)} for row in rows], last_of(rows)

    def layout(self, form: Form) -> Layout:
        """See Source; a map has its own place for coordinates, and only WGS-84."""
        columns = [
            Column(key, title, LOOKS.get(key, Look.PLAIN), WIDE.get(key, 14))
            for key, title in self.asker.words("import/columns").items()
        ]
        columns += [self.asker.column(key) for key in BESIDE]
        if form is Form.GEOJSON:
            columns = [column for column in columns if column.key not in ("latitude", "longitude", "datum", "wgs84")]
        tab = Tab("customers", self.asker.words("import/sheets")["template_tab"], columns)
        return Layout([tab], ("at_latitude", "at_longitude"))

    def _cells(self, row: Row[Any], owners: Owners, phones: Mapping[int, str]) -> dict[str, Cell]:
        has_given = row.given_latitude is not None and row.given_longitude is not None
        given = (row.given_latitude, row.given_longitude) if has_given else (row.latitude, row.longitude)
        same = {key: getattr(row, key) for key in ("name", "external_id", "grade", "industry", "region", "address")}
        mine = row.rep_status == "active"
        return {
            **{key: value or None for key, value in same.items()},
            "owner": _nameable(row, owners, phones) if mine else None,
            "latitude": given[0],
            "longitude": given[1],
            "datum": DATUMS.get(row.datum or "wgs84") if given[0] is not None else None,
            "phone": row.phone or None,
            "contact_name": row.contact_name or None,
            "class": self.asker.words("import/classes")[row.class_] if row.class_ else None,
            "tags": BETWEEN.join(row.tags) or None,
            "aliases": BETWEEN.join(row.aliases) or None,
            "fence_radius": row.fence_radius,
            "note": row.note or None,
            "former_owner": None if mine else row.rep,
            "team": row.team,
            "last_visit": local_day(self.asker, row.last_visit_at),
            "due": row.due_on,
            "wgs84": f"{row.latitude:.6f}, {row.longitude:.6f}" if row.latitude is not None else None,
            "at_latitude": row.latitude,
            "at_longitude": row.longitude,
        }


def _nameable(row: Row[Any], owners: Owners, phones: Mapping[int, str]) -> str:
    """The rep as a list can name him: by his phone where a colleague has the same name."""
    phone = phones.get(row.owner_id, "")
    is_clear = owners.named(row.rep) == {row.owner_id} or owners.named(phone) != {row.owner_id}
    return str(row.rep) if is_clear else phone


def local_day(asker: Asker, at: datetime | None) -> date | None:
    """The day of a moment on the asker's calendar."""
    return at.astimezone(asker.zone).date() if at is not None else None


# --- follow-ups and people --------------------------------------------------------------------

FOLLOWUP_KEYS = (
    *("number", "customer", "customer_id", "grade", "rep", "team", "what", "due_on", "due_time", "state", "why"),
    *("moves", "made", "closed", "visit"),
)
PEOPLE_KEYS = ("name", "phone", "roles", "team", "state", "reached", "language", "time_zone", "joined", "seen")


def followups(asker: Asker, days: Days | None) -> Source:
    """What was promised, with what became of it."""
    return Rows(
        asker, "followups", FOLLOWUP_KEYS,
        lambda connection, after: stored.list_followups(connection, asker.reach, days, after), _of_followup,
    )  # fmt: skip


def everybody(asker: Asker) -> Source:
    """Everybody who has joined ever."""
    return Rows(asker, "people", PEOPLE_KEYS, stored.list_people, _of_person)


def of_customer(asker: Asker, row: Row[Any]) -> dict[str, Cell]:
    """Whom a row is about, and whose it is."""
    return {
        "customer": row.customer,
        "customer_id": row.customer_code,
        "grade": row.customer_grade,
        "rep": row.rep,
        "team": row.team,
    }


def _of_followup(asker: Asker, row: Row[Any]) -> dict[str, Cell]:
    return {
        **of_customer(asker, row),
        "number": row.id,
        "what": row.what,
        "due_on": row.due_on,
        "due_time": time.fromisoformat(row.due_time).isoformat("minutes") if row.due_time else None,
        "state": asker.value(row.state),
        "why": asker.words("followup/reasons").get(row.reason, row.reason) or None,
        "moves": len(row.moves),
        "made": asker.local(row.created_at),
        "closed": asker.local(row.closed_at),
        "visit": row.visit_id,
    }


def _of_person(asker: Asker, row: Row[Any]) -> dict[str, Cell]:
    roles = asker.words("people/role_names")
    return {
        "name": row.name,
        "phone": row.phone or None,
        "roles": BETWEEN.join(roles[role] for role in row.roles.split(",") if role) or None,
        "team": row.team,
        "state": asker.value(row.status),
        "reached": asker.value("yes" if row.reachable else "no"),
        "language": asker.value(row.language),
        "time_zone": row.time_zone,
        "joined": asker.local(row.joined_at),
        "seen": asker.local(row.seen_at),
    }
