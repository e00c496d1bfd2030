"""Reads logs of real phones from csv files, and cuts from them what a rep would have shared of his visits."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from bot.domain.evidence import Fix, fingerprints
from bot.domain.geography import ImpossiblePoint, Point, distance

REAL_LOGS = Path(__file__).resolve().parents[2] / "shared" / "data" / "gps"
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # a phone that has no clock yet says 1970

LENGTHS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15, 20, 30, 45, 60))
LEAST_FIXES = 5
STANDS_WITHIN = 150.0
LONGEST_GAP = timedelta(minutes=15)


@dataclass(frozen=True)
class Stream:
    """What one phone sent from one instant to another."""

    log: str
    fixes: tuple[Fix, ...]

    @property
    def began_at(self) -> datetime:
        return self.fixes[0].at

    @property
    def ended_at(self) -> datetime:
        return self.fixes[-1].at

    @cached_property
    def digest(self) -> tuple[int, ...]:
        """Its fingerprints."""
        return fingerprints(self.fixes)


def read_logs(path: Path) -> dict[str, list[Fix]]:
    """The fixes of each phone, oldest first, of a csv file or of all in a folder; rows that are no place are left out.

    Two shapes are known: `log, ts_unix, lat, lon, accuracy_m` (other columns do not matter; without `log` a file is
    one phone), and `ts, longitude, latitude` with ISO times and no accuracy.
    """
    logs: defaultdict[str, dict[datetime, Fix]] = defaultdict(dict)
    for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
        with file.open(newline="", encoding="utf-8-sig") as rows:
            for row in csv.DictReader(rows):
                fix = _fix(row)
                if fix is not None:
                    logs[row.get("log") or file.stem][fix.at] = fix
    return {log: [fixes[at] for at in sorted(fixes)] for log, fixes in sorted(logs.items())}


def _fix(row: Mapping[str, str]) -> Fix | None:
    try:
        if "ts_unix" in row:
            at = datetime.fromtimestamp(float(row["ts_unix"]), UTC)
            point = Point(float(row["lat"]), float(row["lon"]))
        else:
            at = datetime.fromisoformat(row["ts"])
            point = Point(float(row["latitude"]), float(row["longitude"]))
        accuracy = float(row["accuracy_m"]) if row.get("accuracy_m") else None
    except (ImpossiblePoint, ValueError):
        return None
    return Fix(point, at, accuracy, live=True) if at > EARLIEST else None


def as_telegram_passes(stream: Stream) -> Stream:
    """The same as a bot gets it: whole seconds, six decimals of a degree, an accuracy in whole metres up to 1,500."""
    return replace(stream, fixes=tuple(_passed(fix) for fix in stream.fixes))


def _passed(fix: Fix) -> Fix:
    point = Point(round(fix.point.latitude, 6), round(fix.point.longitude, 6))
    accuracy = None if fix.accuracy is None else float(min(1500, round(fix.accuracy)))
    return replace(fix, point=point, at=fix.at.replace(microsecond=0), accuracy=accuracy)


def stays(log: str, fixes: Iterable[Fix]) -> list[Stream]:
    """Where the phone stood for five minutes or more: fixes whose circles reach within 150 m of the first one."""
    found: list[Stream] = []
    stood: list[Fix] = []
    for fix in fixes:
        if stood and not _still_there(stood, fix):
            found += _lasting(log, stood)
            stood = []
        stood.append(fix)
    return found + _lasting(log, stood)


def _still_there(stood: list[Fix], fix: Fix) -> bool:
    if fix.at - stood[-1].at > LONGEST_GAP:
        return False
    return distance(stood[0].point, fix.point) <= STANDS_WITHIN + (fix.accuracy or 0)


def _lasting(log: str, fixes: list[Fix]) -> list[Stream]:
    if len(fixes) < LEAST_FIXES or fixes[-1].at - fixes[0].at < LENGTHS[0]:
        return []
    return [Stream(log, tuple(fixes))]


def cut(stream: Stream, length: timedelta) -> Iterator[Stream]:
    """One visit after another of this length, each with the fixes that it would have had; the rest is left out."""
    visits: defaultdict[int, list[Fix]] = defaultdict(list)
    for fix in stream.fixes:
        visits[(fix.at - stream.began_at) // length].append(fix)
    for fixes in visits.values():
        if len(fixes) >= LEAST_FIXES and fixes[-1].at - fixes[0].at >= length / 2:
            yield Stream(stream.log, tuple(fixes))


def visits_of(logs: Mapping[str, list[Fix]], lengths: Iterable[timedelta] = LENGTHS) -> dict[timedelta, list[Stream]]:
    """The stays of all phones, cut to visits of each length."""
    stood = [stay for log, fixes in logs.items() for stay in stays(log, fixes)]
    return {length: [visit for stay in stood for visit in cut(stay, length)] for length in lengths}


def ways_of(logs: Mapping[str, list[Fix]], lengths: Iterable[timedelta] = LENGTHS) -> dict[timedelta, list[Stream]]:
    """All that the phones recorded, standing or on the way, cut alike."""
    whole = [Stream(log, tuple(fixes)) for log, fixes in logs.items() if fixes]
    return {length: [part for stream in whole for part in cut(stream, length)] for length in lengths}
