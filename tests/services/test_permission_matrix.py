"""Everybody tries every command and every button, on his own things and on others': the table says what comes of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from button_choices import every_choice
from permission_page import page
from permission_table import BUTTONS, COMMANDS, Row
from permissions import DONE, Company, Who, founded

from bot.services import flows, menus
from storage.database import Database

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"


@pytest.fixture
async def company(database: Database) -> AsyncIterator[Company]:
    yield await founded(database)


def test_every_command_has_a_row_and_every_row_a_command() -> None:
    assert {row.what for row in COMMANDS} == set(menus.every_command())


def test_every_button_has_a_row_and_every_row_a_button() -> None:
    known = {(row.flow, row.what, row.placed) for row in BUTTONS}
    offered = {(choice.flow, choice.pattern, choice.placed) for choice in every_choice()}
    assert offered - known == set(), "these buttons need a line in permission_table.BUTTONS"
    assert known - offered == set(), "no template offers these any more"
    assert {flow for flow, _, _ in known} == set(flows.FLOWS), "a flow without a button that anybody tries"


def test_the_menu_offers_nobody_what_the_table_denies_him() -> None:
    plain = {row.what: row for row in COMMANDS if not row.given}
    for command in menus.COMMANDS:
        for who, roles in ((Who.REP, menus.REP), (Who.MANAGER, menus.MANAGER), (Who.ADMIN, menus.ADMIN)):
            row = plain.get(command.name)
            if row is not None and command.is_for(roles) and command.name != "cancel":
                assert who in row.allowed.who, (command.name, who)


async def test_everybody_gets_from_every_command_what_the_table_says(company: Company) -> None:
    wrong = []
    for row in COMMANDS:
        for who in Who:
            outcome = await company.commands(who, row.what, row.given)
            if outcome != row.expected(who):
                wrong.append(f"/{row.what} {row.given} by {who}: {outcome}, not {row.expected(who)}")
    assert wrong == []


async def test_everybody_gets_from_every_button_what_the_table_says(company: Company) -> None:
    wrong = []
    for row in BUTTONS:
        for who in Who:
            outcome = await pressed(company, row, who)
            if outcome != row.expected(who):
                wrong.append(f"{row.flow} {row.what} by {who}: {outcome}, not {row.expected(who)}")
    assert wrong == []


async def test_a_try_leaves_nothing_behind(company: Company) -> None:
    lock = next(row for row in BUTTONS if (row.flow, row.what) == ("people", "locked"))
    assert await pressed(company, lock, Who.ADMIN) == DONE
    assert await company.commands(Who.REP, "today", "") == DONE


async def test_a_door_that_is_left_open_would_be_found(company: Company) -> None:
    """The matrix sees a command that forgets to ask for the role."""
    outcome = await company.attempt(Who.REP, lambda turn: None)
    assert outcome != next(row for row in COMMANDS if row.what == "audit").expected(Who.REP)


def test_the_page_of_permissions_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make it anew: tests/permission_page.py"


async def pressed(company: Company, row: Row, who: Who) -> str:
    assert row.flow is not None
    return await company.presses(who, row.flow, company.filled(row.given), row.thing, placed=row.placed)
