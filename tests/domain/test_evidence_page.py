"""The page about evidence explains, in plain words, each rung and each flag, with the rules that an admin may tune."""

import re

from evidence_report import PAGE, TABLES

from bot.domain.evidence import Level
from bot.domain.flag_policies import TUNED_BY
from bot.domain.flags import FlagCode

PLAIN, MEASURED = PAGE.read_text("utf-8").split("# How well it is told\n", 1)
LINES = [line.strip("| ").split(" | ") for line in PLAIN.splitlines() if line.startswith("| ")]
ROWS = {first.strip("`"): cells for first, *cells in LINES}


def test_each_rung_and_each_flag_has_a_row_of_its_own() -> None:
    assert [f"E{level}" for level in Level if f"E{level}" not in ROWS] == []
    assert [code for code in FlagCode if code not in ROWS] == []


def test_a_flag_names_the_policies_that_decide_about_it() -> None:
    for code in FlagCode:
        named = re.findall(r"`([a-z_.]+)`", ROWS[code][-1])
        assert named == [policy.key for policy in TUNED_BY.get(code, ())], code


def test_what_is_measured_stands_apart_from_what_people_wrote() -> None:
    assert "<!--" not in PLAIN
    assert [name for name in TABLES if f"<!-- {name} -->" not in MEASURED] == []
