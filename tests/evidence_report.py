"""Brings the tables of docs/evidence.md up to date: false alarms, recall, and what each threshold does.

Run `python tests/evidence_report.py`; it takes a minute. With `--logs PATH` (a csv file or a folder of them, in one of
the shapes that `read_logs` tells) it prints the tables of other logs instead, by thresholds that never saw them.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from evidence_fakes import BEYOND, KINDS
from evidence_logs import LENGTHS, REAL_LOGS, read_logs, stays, visits_of, ways_of
from evidence_measure import (
    FAKE_LENGTHS,
    Lengths,
    Part,
    Raised,
    Rulebook,
    check_ins,
    false_alarms,
    hits,
    in_all,
    parts_of,
    passed,
    recall,
)

from bot.domain.evidence import Outcome
from bot.domain.evidence.thresholds import CHOSEN
from bot.domain.flags import FlagCode
from bot.domain.policy import Policy

PAGE = Path(__file__).parents[1] / "docs" / "evidence.md"
RULES = (
    FlagCode.CONSTANT_POINT,
    FlagCode.JITTERED_POINT,
    FlagCode.STRAIGHT_LINE,
    FlagCode.IMPOSSIBLE_SPEED,
    FlagCode.REPLAYED_TRACK,
    FlagCode.SHARED_STREAM,
)
CONSTANT, JITTERED, LINE, LEAP, REPLAYED, _ = RULES
Row = Sequence[str]


def _table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _of(raised: Sequence[Raised], code: FlagCode | None = None) -> str:
    return _part([bool(flags) if code is None else code in flags for flags in raised])


def _share(raised: Sequence[Raised], code: FlagCode | None = None) -> str:
    return f"{100 * hits(raised, code) / len(raised):.1f} %" if raised else "–"


def _part(of: Sequence[bool]) -> str:
    return f"{sum(of)} of {len(of)} ({100 * sum(of) / len(of):.1f} %)" if of else "–"


def _with_all(parts: Sequence[Part]) -> Sequence[Part]:
    if len(parts) == 1:
        return parts
    return (*parts, Part("all", {log: fixes for part in parts for log, fixes in part.logs.items()}))


def _minutes(length: timedelta) -> str:
    return f"{length // timedelta(minutes=1)} min"


def _name(code: FlagCode) -> str:
    return code.value.replace("_", " ")


def _data(parts: Sequence[Part]) -> Iterator[str]:
    rows = []
    for part in parts:
        hours = sum(((fixes[-1].at - fixes[0].at) / timedelta(hours=1) for fixes in part.logs.values()), 0.0)
        stood = sum(len(stays(log, fixes)) for log, fixes in part.logs.items())
        visits = sum(len(streams) for streams in visits_of(part.logs).values())
        fixes = sum(len(fixes) for fixes in part.logs.values())
        rows.append((part.name, *(f"{number:,.0f}" for number in (len(part.logs), fixes, hours, stood, visits))))
    return _table(("part", "phones", "fixes", "hours", "stays", "visits cut from them"), rows)


def _alarms(parts: Sequence[Part]) -> Iterator[str]:
    parts = _with_all(parts)
    forms: Mapping[str, Callable[[Part], Lengths]] = {
        "stays, as Telegram passes them": lambda part: part.visits(),
        "stays, as logged": lambda part: visits_of(part.logs),
        "all that was recorded, on the way too": lambda part: passed(ways_of(part.logs)),
    }
    found = {form: [false_alarms(cut(part)) for part in parts] for form, cut in forms.items()}
    yield from _table(
        ("flagged falsely", *(part.name for part in parts)),
        [(form, *(_of(in_all(raised)) for raised in by_part)) for form, by_part in found.items()],
    )
    yield "\nThe first line by length of the visit, and by rule:\n"
    by_part = next(iter(found.values()))
    rows = [(_minutes(length), *(_of(raised[length]) for raised in by_part)) for length in LENGTHS]
    rows += [(_name(code), *(_of(in_all(raised), code) for raised in by_part)) for code in RULES]
    yield from _table(("", *(part.name for part in parts)), rows)


def _arrivals(parts: Sequence[Part]) -> Iterator[str]:
    found = [check_ins(part) for part in _with_all(parts)]
    rows: list[Row] = []
    for outcome in Outcome:
        name = outcome.value.replace("_", " ")
        rows.append((f"{name}, by the first fix", *(_part([each.first is outcome for each in all_]) for all_ in found)))
    for outcome in Outcome:
        name = outcome.value.replace("_", " ")
        rows.append((f"{name}, after the stay", *(_part([each.settled is outcome for each in all_]) for all_ in found)))
    rows.append(("stay confirmed (E3)", *(_part([each.is_confirmed for each in all_]) for all_ in found)))
    return _table(("", *(part.name for part in _with_all(parts))), rows)


def _recall(parts: Sequence[Part]) -> Iterator[str]:
    found = {kind: [_recalled(part, kind) for part in parts] for kind in KINDS}
    names, last = [part.name for part in parts], parts[-1].name
    rows: list[Row] = [(kind, *(_of(in_all(raised)) for raised in by_part)) for kind, by_part in found.items()]
    yield from _table(("flagged rightly", *names), rows)
    yield f"\nBy length of the visit ({last}):\n"
    rows = [(kind, *(_share(each[-1][length]) for length in FAKE_LENGTHS)) for kind, each in found.items()]
    yield from _table(("", *(_minutes(length) for length in FAKE_LENGTHS)), rows)
    yield f"\nWhat each rule contributes ({last}): the part of the fakes of a kind that it flags.\n"
    rows = [(kind, *(_share(in_all(each[-1]), code) for code in RULES)) for kind, each in found.items()]
    yield from _table(("", *(_name(code) for code in RULES)), rows)


def _beyond(parts: Sequence[Part]) -> Iterator[str]:
    rows = [(kind, *(_of(in_all(_recalled(part, kind))) for part in parts)) for kind in BEYOND]
    return _table(("flagged", *(part.name for part in parts)), rows)


def _recalled(part: Part, kind: str) -> dict[timedelta, list[Raised]]:
    return {length: recall(made) for length, made in part.fakes(kind).items()}


def _policies(key: str, *values: str) -> dict[str, Rulebook]:
    return {value: Rulebook(policy=Policy.of({key: value})) for value in values}


def _thresholds(name: str, *values: float | timedelta) -> dict[str, Rulebook]:
    books = [Rulebook(chosen=replace(CHOSEN, **{name: value})) for value in values]  # type: ignore[arg-type]
    says = [_minutes(value) if isinstance(value, timedelta) else f"{value:g}" for value in values]
    return dict(zip(says, books, strict=True))


def _tried() -> Iterator[tuple[str, FlagCode, dict[str, Rulebook]]]:
    """Each threshold, the flag that it is about, and the values that were tried."""
    yield "evidence.still (min)", CONSTANT, _policies("evidence.still", "6", "8", "9", "10", "12", "20")
    yield "satellite (m)", CONSTANT, _thresholds("satellite", 0, 10, 15, 25)
    yield "white", JITTERED, _thresholds("white", 0.7, 0.9, 1.1, 1.3, 1.5, 1.7)
    yield "jitter_fixes", JITTERED, _thresholds("jitter_fixes", 8, 10, 12, 15, 20)
    yield "jump (m)", JITTERED, _thresholds("jump", 50, 100, 150, 200, 300)
    yield "outermost", JITTERED, _thresholds("outermost", 2, 3, 4, 6)
    yield "line_lasts", LINE, _thresholds("line_lasts", *(timedelta(minutes=number) for number in (3, 5, 8, 12)))
    yield "off_line (m)", LINE, _thresholds("off_line", 3, 6, 9, 12, 24)
    yield "speed.limit (km/h)", LEAP, _policies("speed.limit", "80", "150", "300")
    yield (
        "bounces_within",
        LEAP,
        _thresholds("bounces_within", *(timedelta(minutes=number) for number in (1, 3, 5, 10))),
    )
    yield "shared_steps", REPLAYED, _thresholds("shared_steps", 1, 2, 3, 4, 6, 8)
    yield "shared_part", REPLAYED, _thresholds("shared_part", 0, 0.1, 0.15, 0.3, 0.6)


def _sweeps(parts: Sequence[Part]) -> Iterator[str]:
    honest = [passed(ways_of(part.logs)) for part in parts]
    kinds = dict(zip(RULES, KINDS, strict=True))
    made = {code: [part.fakes(kind) for part in parts] for code, kind in kinds.items()}
    rows: list[Row] = []
    for name, code, values in _tried():
        for value, rules in values.items():
            alarms = [_share(in_all(false_alarms(streams, rules)), code) for streams in honest]
            found = [
                _share([raised for each in fakes.values() for raised in recall(each, rules)], code)
                for fakes in made[code]
            ]
            rows.append((name, f"**{value}**" if rules.is_in_force else value, *alarms, *found))
    head = [f"{what}, {part.name}" for what in ("honest flagged", "fakes flagged") for part in parts]
    return _table(("threshold", "value", *head), rows)


TABLES: Mapping[str, Callable[[Sequence[Part]], Iterator[str]]] = {
    "data": _data,
    "alarms": _alarms,
    "arrivals": _arrivals,
    "recall": _recall,
    "beyond": _beyond,
    "thresholds": _sweeps,
}


def brought_up_to_date(page: str, names: Iterable[str], parts: Sequence[Part]) -> str:
    """The page with what stands between `<!-- name -->` and `<!-- /name -->` made anew."""
    for name in names:
        made = "\n".join(TABLES[name](parts))
        between = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
        page = between.sub(lambda _, made=made: f"\n{made}\n\n", page)  # type: ignore[misc]
    return page


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logs", type=Path, help="a csv file or a folder of them, measured instead")
    path = parser.parse_args(arguments).logs
    if path is None:
        PAGE.write_text(brought_up_to_date(PAGE.read_text("utf-8"), TABLES, parts_of(read_logs(REAL_LOGS))), "utf-8")
        return
    parts = (Part("these logs", read_logs(path)),)
    for name in ("data", "alarms", "arrivals", "recall", "beyond"):
        print("\n".join(TABLES[name](parts)), end="\n\n")


if __name__ == "__main__":
    main(sys.argv[1:])
