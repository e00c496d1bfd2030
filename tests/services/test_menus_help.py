"""Menus and /help come from one declaration of each command: nobody is offered what he may not do, all is explained."""

from pathlib import Path
from typing import Any

import pytest
from desk_talk import Office
from fresh_database import sqlite_in

from bot.domain.people import Role
from bot.rendering import LANGUAGES, Rendered, Renderer
from bot.services import flows, menus
from bot.services.menus import COMMANDS, Area
from storage.database import Database

BUILT_IN = {"menu", "cancel"}  # of the conversations themselves


def test_every_command_has_a_declaration_and_every_declaration_a_use_case() -> None:
    served = set(flows.commands(admin_ids=frozenset(), bot_name="x", again=lambda turn: None))
    assert served | BUILT_IN == set(menus.every_command())
    assert len(menus.BY_NAME) == len(COMMANDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_area_has_its_words(language: str) -> None:
    renderer, names = Renderer(), {command.name for command in COMMANDS}
    assert set(renderer.words("commands", language)) == names
    assert set(renderer.words("menu/how", language)) == names
    assert set(renderer.words("menu/areas", language)) == set(Area)
    examples = renderer.words("menu/examples", language)
    assert {name: text.split()[0] for name, text in examples.items()} == {name: f"/{name}" for name in names}
    keys = {command.name for command in COMMANDS if command.key}
    assert keys <= set(renderer.words("keys", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_command_does_is_short_enough_for_telegrams_menu(language: str) -> None:
    words = Renderer().words("commands", language)
    assert all(1 <= len(text) <= 60 for text in words.values()), "a phone shows one line"


def test_keys_are_few_enough_for_one_thumb() -> None:
    for roles in ({Role.REP}, {Role.MANAGER}, {Role.ADMIN}):
        assert len(menus.keys_of(frozenset(roles))) <= 4


def test_a_hidden_command_is_in_no_menu() -> None:
    everything = menus.commands_of(frozenset(Role))
    assert "set" not in everything
    assert "set" in menus.every_command()


async def test_help_speaks_of_what_the_person_can_do_and_of_nothing_else(database: Database) -> None:
    office = Office(database)
    for number, role in enumerate(Role):
        guest = await office.member(number + 1, role.value.title(), role.value)
        said = await guest.says("/help")
        offered = {word.removeprefix("/") for word in said.split() if word.startswith("/")}
        assert offered == set(menus.commands_of(frozenset({role})))


async def test_a_button_of_the_help_explains_one_command_and_leads_back(database: Database) -> None:
    admin = await Office(database).member(1, "Ann")
    await admin.says("/help")
    explained = await admin.taps("settings")
    assert "/settings fence.radius" in explained
    back = await admin.taps("All commands")
    assert "What I can do for you" in back
    assert len(admin.screen) == 1, "it is one message, edited in place"


async def test_the_command_whose_page_is_typed_is_explained_with_its_example(database: Database) -> None:
    admin = await Office(database).member(1, "Ann")
    assert "<code>/set fence.radius 150</code>" in await admin.says("/help /SET")


async def test_the_explanation_of_another_roles_command_is_refused(database: Database) -> None:
    rep = await Office(database).member(1, "Rae", "rep")
    assert "Only an admin can do this" in await rep.says("/help settings")


async def test_a_misspelt_command_is_answered_with_the_nearest_of_ones_own(database: Database) -> None:
    rep = await Office(database).member(1, "Rae", "rep")
    assert "/help visit" in await rep.says("/help vist")
    assert "settings" not in await rep.says("/help settigns")
    assert "/help lists" in await rep.says("/help 天气")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", list(Role))
async def test_the_help_of_each_role_can_be_read(tmp_path: Path, language: str, role: Role, kept: Any) -> None:
    url = sqlite_in(tmp_path)
    database = Database(url)
    guest = await Office(database).member(1, "Ann", role.value, language=language)
    await guest.says("/help")
    mine = menus.commands_of(frozenset({role}))
    shown = [_readable(guest.screen[guest.newest])]
    assert all(f"/{name}" in shown[0] for name in mine)
    assert ("/settings" in shown[0]) == (role is Role.ADMIN), "what others may do is left out"
    await guest.taps("❔ " + mine[0])
    shown.append(_readable(guest.screen[guest.newest]))
    await database.close()
    kept(f"help_{role.value}_{language}", "\n----\n".join(shown) + "\n")


def _readable(said: Rendered) -> str:
    rows = (said.markup or {})["inline_keyboard"]
    return "\n".join([said.text, *(" ".join(f"[{button['text']}]" for button in row) for row in rows)])
