"""`/teams`: the tree, and what an admin does with a team."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from desk_talk import Guest, Office
from sqlalchemy import Connection

from bot.services import reminders
from storage import people
from storage.database import Database


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    def plant(connection: Connection) -> None:
        china = people.add_team(connection, "China")
        east = people.add_team(connection, "East", china)
        people.add_team(connection, "Shanghai", east)
        people.add_team(connection, "West", china)

    await database.write(plant)
    yield Office(database)


@pytest.fixture
async def ann(office: Office) -> Guest:
    return await office.member(11, "Ann")


async def put(office: Office, guest: Guest, team: str) -> None:
    def change(connection: Connection) -> None:
        people.change(connection, guest.person_id, team_id=people.find_team(connection, team))

    await office.database.write(change)


async def paths(office: Office) -> dict[str, str]:
    """Each team with the names above it."""

    def read(connection: Connection) -> dict[str, str]:
        rows = {row.id: row for row in people.list_teams(connection)}
        return {
            row.name: "/".join(rows[int(part)].name for part in row.path.strip("/").split("/")) for row in rows.values()
        }

    return await office.database.read(read)


async def test_only_an_admin_sees_the_tree(office: Office) -> None:
    max_ = await office.member(31, "Max", "manager")
    assert "Only an admin" in await max_.says("/teams")
    await max_.taps_data(max_.newest, "team:2:0:open")
    assert "Only an admin" in max_.last


async def test_the_tree_counts_everybody_in_a_team_and_below(office: Office, ann: Guest) -> None:
    await put(office, await office.member(21, "Rae", "rep"), "Shanghai")
    await put(office, await office.member(22, "Lin", "rep"), "East")
    assert "4 teams" in await ann.says("/teams")
    assert [label.replace("\u2003", "  ") for label in ann.labels][:4] == [
        "China · 2",
        "  East · 2",
        "    Shanghai · 1",
        "  West · 0",
    ]


async def test_a_team_moves_with_all_below_it_and_never_below_itself(office: Office, ann: Guest) -> None:
    await ann.says("/teams East")
    await ann.taps("⤴️ Move")
    assert not any("Shanghai" in label or "East" in label for label in ann.labels)
    await ann.taps("West")
    assert (await paths(office))["Shanghai"] == "China/West/East/Shanghai"
    await ann.taps_data(ann.newest, "team:4:0:to.3")
    assert "cannot stand below itself" in ann.last
    await ann.taps_data(ann.newest, "team:2:0:to.top")
    assert await paths(office) == {
        "China": "China",
        "East": "East",
        "Shanghai": "East/Shanghai",
        "West": "China/West",
    }


async def test_a_manager_sees_who_came_below_his_team_at_once(office: Office, ann: Guest) -> None:
    max_, rae = await office.member(31, "Max", "manager"), await office.member(21, "Rae", "rep")
    await put(office, max_, "West")
    await put(office, rae, "Shanghai")
    assert "Rae" not in await max_.says("/people")
    await ann.says("/teams Shanghai")
    await ann.taps("⤴️ Move")
    await ann.taps("West")
    assert "Rae" in await max_.says("/people")


async def test_a_team_gets_a_name_and_a_team_below_it(office: Office, ann: Guest) -> None:
    await ann.says("/teams East")
    await ann.taps("✏️ Rename")
    await ann.says("West")
    assert "There is a team West already" in await _before(ann)
    await ann.says("华东")
    assert "<b>华东</b>" in ann.last
    await ann.taps("＋ Team below")
    await ann.says("Nanjing")
    assert (await paths(office))["Nanjing"] == "China/华东/Nanjing"


async def _before(guest: Guest) -> str:
    return "\n".join(message.text for _, message in sorted(guest.screen.items()))


async def test_who_shall_lead_a_team_becomes_its_manager(office: Office, ann: Guest) -> None:
    rae = await office.member(21, "Rae", "rep")
    await put(office, rae, "West")
    await ann.says("/teams East")
    await ann.taps("👑 Who leads it")
    await ann.says("rae")
    await ann.taps("Rae")
    assert "Led by Rae" in _page(ann)
    assert "You are a manager from now on" in rae.last
    found = await office.database.read(lambda connection: people.get(connection, rae.person_id))
    assert found.roles == {"rep", "manager"} and found.team_path == "/1/2/"


def _page(guest: Guest) -> str:
    return next(message.text for _, message in sorted(guest.screen.items(), reverse=True) if "🌳" in message.text)


async def test_only_an_empty_team_is_deleted(office: Office, ann: Guest) -> None:
    rae = await office.member(21, "Rae", "rep")
    await put(office, rae, "West")
    await ann.says("/teams East")
    assert "🗑 Delete" not in ann.labels
    await ann.taps_data(ann.newest, "team:2:0:delete")
    assert "1 team stands below it" in ann.last
    await ann.taps_data(ann.newest, "team:4:0:delete")
    assert "1 person is in it" in ann.last
    await ann.says("/invite rep Shanghai")
    await ann.taps_data(ann.newest, "team:3:0:delete")
    assert "1 open invite leads into it" in ann.last
    await ann.says("/people")
    await ann.taps("✉️ Open invites")
    await ann.taps("1. rep")
    await ann.taps("🗑 Revoke")
    await ann.says("/teams Shanghai")
    await ann.taps("🗑 Delete")
    assert "Shanghai" not in await paths(office)
    await ann.taps_data(ann.newest, "team:3:0:open")
    assert "not there any more" in ann.last


async def test_who_comes_into_another_team_is_told_things_at_its_times(office: Office, ann: Guest) -> None:
    max_ = await office.member(31, "Max", "manager")
    await put(office, max_, "Shanghai")
    await office.desk.act("tick:1", reminders.tick)
    await ann.says("/set digest.at 17:30 team West")
    assert await digest_due(office, max_) == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    await ann.says("/teams")
    await ann.taps("East")
    await ann.taps("⤴️ Move")
    await ann.taps("West")
    assert await digest_due(office, max_) == datetime(2026, 11, 23, 9, 30, tzinfo=UTC), "his team moved below West"
    await ann.says("/people max")
    await ann.taps("🌳 Team")
    await ann.taps("China")
    assert await digest_due(office, max_) == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


async def digest_due(office: Office, guest: Guest) -> datetime:
    row = await office.database.read(lambda connection: people.get_row(connection, guest.person_id))
    due: datetime = row.digest_due_at
    return due
