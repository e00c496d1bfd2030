"""The reading of dates is scored against public phrase sets: right, asked, and almost never wrong."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.domain.when import Past, Reading, Understood, read_when

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SETS = ("recognizers_en", "recognizers_zh", "jionlp_zh")
ZONE = timezone(timedelta(hours=8))
MOST_WRONG = 0.02
LEAST_RIGHT = 0.70

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not beside the project"),
]


@dataclass(frozen=True)
class Phrase:
    """A phrase of a set. `is_right` judges a claimed day and hour; `is_one_day` is False for months and weeks."""

    text: str
    now: datetime
    is_right: Callable[[Understood | Past], bool]
    is_one_day: bool


@dataclass(frozen=True)
class Verdict:
    phrase: Phrase
    verdict: str
    reading: Reading


@pytest.fixture(scope="module")
def verdicts() -> dict[str, list[Verdict]]:
    found = {name: [_judged(phrase) for phrase in _phrases(name)] for name in SETS}
    print("\n" + _table(found))
    return found


@pytest.mark.parametrize("name", SETS)
def test_hardly_any_phrase_of_a_public_set_is_misread(verdicts: dict[str, list[Verdict]], name: str) -> None:
    wrong = [verdict for verdict in verdicts[name] if verdict.verdict == "wrong"]
    assert len(wrong) <= MOST_WRONG * len(verdicts[name]), "\n".join(map(_line, wrong))


@pytest.mark.parametrize("name", SETS)
def test_most_phrases_that_mean_one_day_are_understood(verdicts: dict[str, list[Verdict]], name: str) -> None:
    days = [verdict for verdict in verdicts[name] if verdict.phrase.is_one_day]
    right = [verdict for verdict in days if verdict.verdict == "right"]
    asked = [verdict for verdict in days if verdict.verdict == "asked"]
    assert len(right) >= LEAST_RIGHT * len(days), "\n".join(map(_line, asked))


@pytest.mark.parametrize("text", json.loads((DATA / "strings/blns.json").read_text()) if DATA.is_dir() else [])
def test_a_naughty_string_is_harmless(text: str) -> None:
    now = datetime(2026, 6, 10, 10, 20, tzinfo=ZONE)
    reading = read_when(text, now)
    if isinstance(reading, Understood):
        assert len(reading.rest) <= len(text)
        assert text[slice(*reading.span)].strip()


def _phrases(name: str) -> list[Phrase]:
    lines = (DATA / "dates" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    read = _jionlp if name.startswith("jionlp") else _recognizers
    return [read(json.loads(line)) for line in lines if line.strip()]


def _judged(phrase: Phrase) -> Verdict:
    reading = read_when(phrase.text, phrase.now)
    if isinstance(reading, Understood):
        return Verdict(phrase, "right" if phrase.is_right(reading) else "wrong", reading)
    # A day that is over claims nothing: the person is asked. Its date is right if it is the one that was meant.
    is_right = isinstance(reading, Past) and reading.due_on is not None and phrase.is_right(reading)
    return Verdict(phrase, "right" if is_right else "asked", reading)


def _recognizers(row: dict[str, Any]) -> Phrase:
    """`values` lists every day or moment that may be meant, or says that there is none ("feb 30")."""
    now = datetime.fromisoformat(row["now"][:26]).replace(tzinfo=ZONE)

    def is_right(reading: Understood | Past) -> bool:
        claimed = f"{reading.due_on}" + (f" {reading.at:%H:%M}" if reading.at else "")
        return claimed in {value[: len("2026-06-10 10:20")] for value in row["values"]}

    return Phrase(row["text"], now, is_right, row["values"] != ["not resolved"])


def _jionlp(row: dict[str, Any]) -> Phrase:
    """`span` is from the first to the last second of what is meant: a day from 00:00:00, an hour, a month."""
    start, end = (datetime.fromisoformat(moment) for moment in row["span"])
    now = datetime.fromtimestamp(row["now_unix"], ZONE)
    is_whole_day = (start.hour, start.minute, end.hour, end.minute) == (0, 0, 23, 59)

    def is_right(reading: Understood | Past) -> bool:
        if start.date() != end.date() or reading.due_on != start.date():
            return False
        if reading.at is None:
            return is_whole_day
        return not is_whole_day and start.replace(second=0).time() <= reading.at <= end.time()

    return Phrase(row["text"], now, is_right, start.date() == end.date())


def _table(verdicts: dict[str, list[Verdict]]) -> str:
    rows = [f"{'set':<16}{'phrases':>8}{'right':>7}{'asked':>7}{'wrong':>7}   right of those that mean one day"]
    everything = [verdict for found in verdicts.values() for verdict in found]
    for name, found in [*verdicts.items(), ("all", everything)]:
        count = Counter(verdict.verdict for verdict in found)
        days = [verdict for verdict in found if verdict.phrase.is_one_day]
        right = sum(verdict.verdict == "right" for verdict in days)
        numbers = f"{len(found):>8}{count['right']:>7}{count['asked']:>7}{count['wrong']:>7}"
        rows.append(f"{name:<16}{numbers}   {right} of {len(days)}, {right / len(days):.0%}")
    return "\n".join(rows)


def _line(verdict: Verdict) -> str:
    return f"{verdict.phrase.text!r} at {verdict.phrase.now:%Y-%m-%d %H:%M} was read as {verdict.reading}"
