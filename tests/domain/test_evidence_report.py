"""The rules of evidence on real phones and on fakes of them: whom they flag, and that the page says so."""

import re
from pathlib import Path

import pytest
from evidence_fakes import KINDS
from evidence_logs import REAL_LOGS, read_logs, visits_of
from evidence_measure import check_ins, false_alarms, hits, in_all, parts_of, recall
from evidence_report import PAGE, brought_up_to_date

from bot.domain.evidence import Outcome

MOST_FALSE = 0.01
LEAST_FOUND = 0.95
NUMBER = re.compile(r"\d+(?:\.\d+)?")
NEARLY = 2.5  # a fix on the edge of a threshold may fall otherwise with another machine's rounding

needs_logs = pytest.mark.skipif(not REAL_LOGS.is_dir(), reason="the public logs are not beside the project")


@pytest.mark.realdata
@needs_logs
def test_at_most_one_stay_in_a_hundred_is_flagged_falsely() -> None:
    logs = read_logs(REAL_LOGS)
    _, held_out = parts_of(logs)
    for visits in (held_out.visits(), visits_of(held_out.logs), visits_of(logs)):
        raised = in_all(false_alarms(visits))
        assert len(raised) > 200
        assert hits(raised) <= MOST_FALSE * len(raised)


@pytest.mark.realdata
@needs_logs
def test_after_its_stay_at_most_one_visit_in_a_hundred_counts_as_outside() -> None:
    _, held_out = parts_of(read_logs(REAL_LOGS))
    found = check_ins(held_out)
    assert len(found) > 100
    assert sum(each.settled is Outcome.OUTSIDE for each in found) <= MOST_FALSE * len(found)
    assert sum(each.settled is Outcome.INSIDE for each in found) >= LEAST_FOUND * len(found)


@pytest.mark.realdata
@needs_logs
@pytest.mark.parametrize("kind", KINDS)
def test_of_each_kind_of_fake_at_least_95_in_100_are_flagged(kind: str) -> None:
    _, held_out = parts_of(read_logs(REAL_LOGS))
    raised = [flags for made in held_out.fakes(kind).values() for flags in recall(made)]
    assert len(raised) > 200
    assert hits(raised) >= LEAST_FOUND * len(raised)


@pytest.mark.realdata
@needs_logs
def test_the_page_shows_what_is_measured() -> None:
    kept = PAGE.read_text("utf-8")
    made = brought_up_to_date(kept, ("data", "alarms", "arrivals"), parts_of(read_logs(REAL_LOGS)))
    assert NUMBER.sub("#", made) == NUMBER.sub("#", kept)
    for line, now in zip(kept.splitlines(), made.splitlines(), strict=True):
        for number, measured in zip(NUMBER.findall(line), NUMBER.findall(now), strict=True):
            assert abs(float(number) - float(measured)) <= NEARLY, (
                f"run tests/evidence_report.py: {line!r}, now {now!r}"
            )


def test_logs_of_both_shapes_are_read_from_any_path(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(
        "log,ts_unix,lat,lon,accuracy_m,platform\n"
        "a,1466008067.2,31.2,121.4,20,ios\na,0.0,31.2,121.4,20,ios\na,1466008070,95,121.4,20,ios\n"
        "b,1466008070,31.2,121.4,,ios\n",
        "utf-8",
    )
    (tmp_path / "two.csv").write_text("ts,longitude,latitude\n2020-01-12 03:50:29+01:00,121.4,31.2\n", "utf-8")
    logs = read_logs(tmp_path)
    assert {log: [fix.accuracy for fix in fixes] for log, fixes in logs.items()} == {
        "a": [20],
        "b": [None],
        "two": [None],
    }
    assert list(read_logs(tmp_path / "two.csv")) == ["two"]
