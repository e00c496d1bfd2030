"""`/people`: who may see whom, how somebody is found, and what an admin changes; it holds at the next tap."""

from collections.abc import AsyncIterator

import pytest
from desk_talk import Guest, Office
from sqlalchemy import Connection

from bot.domain.people import Person, led_by, roles_of
from storage import people
from storage.database import Database

LOCKED = "You are locked out"


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    yield Office(database)


@pytest.fixture
async def ann(office: Office) -> Guest:
    return await office.member(11, "Ann")


async def person(office: Office, guest: Guest) -> Person:
    return await office.database.read(lambda connection: people.get(connection, guest.person_id))


async def in_team(office: Office, guest: Guest, team: str, below: str | None = None) -> None:
    def put(connection: Connection) -> None:
        parent = people.find_team(connection, below) if below else None
        team_id = people.find_team(connection, team) or people.add_team(connection, team, parent)
        people.change(connection, guest.person_id, team_id=team_id)

    await office.database.write(put)


async def test_a_rep_may_not_look_people_up(office: Office, ann: Guest) -> None:
    rae = await office.member(21, "Rae", "rep")
    assert "Only a manager or an admin can do this" in await rae.says("/people")


async def test_a_manager_sees_the_subtree_that_he_leads_and_changes_nothing(office: Office, ann: Guest) -> None:
    max_ = await office.member(31, "Max", "manager")
    rae, lin = await office.member(21, "Rae", "rep"), await office.member(22, "Lin", "rep")
    await in_team(office, max_, "East")
    await in_team(office, rae, "Shanghai", "East")
    await in_team(office, lin, "West")
    said = await max_.says("/people")
    assert "Rae" in said and "Lin" not in said and "Ann" not in said
    page = await max_.taps("Rae")
    assert "Shanghai" in page and "🔒 Lock out" not in max_.labels and "🎭 Roles" not in max_.labels
    assert "I find nobody" in await max_.says("/people lin")
    await max_.taps_data(max_.newest, f"people:{lin.person_id}:0:open")
    assert "not in your team" in max_.last
    await max_.taps_data(max_.newest, f"people:{rae.person_id}:0:locked")
    assert "Only an admin can do this" in max_.last
    assert (await person(office, rae)).active


@pytest.mark.parametrize("typed", ["王", "wangfang", "wf", "fang", "4567", "王芳"])
async def test_somebody_is_found_by_name_pinyin_initials_and_the_end_of_the_phone(
    office: Office, ann: Guest, typed: str
) -> None:
    wang = await office.member(21, "王芳", "rep")
    await office.member(22, "李雷", "rep")
    await office.change_person(wang, phone="+86 138 0013 4567")
    assert "王芳" in await ann.says(f"/people {typed}") and "李雷" not in ann.last


async def test_many_are_paged_and_searched_page_by_page(office: Office, ann: Guest) -> None:
    for number in range(20):
        await office.member(100 + number, f"Rep {number:02}", "rep")
    assert "21 people" in await ann.says("/people") and "Page 1 of 3" in ann.last
    assert "Rep 07" in await ann.taps("▶️") and "Ann" not in ann.last
    assert "Rep 17" in await ann.taps("▶️") and "▶️" not in ann.labels
    assert "20 people fit" in await ann.says("/people rep")
    assert "Rep 08" in await ann.taps("▶️") and "Rep 07" not in ann.last
    await ann.taps("🔎 Search")
    assert "👤 Rep 11" in (await ann.says("rep 11")).replace("<b>", "").replace("</b>", "")


async def test_a_role_that_is_given_and_taken_holds_at_the_next_tap(office: Office, ann: Guest) -> None:
    rae = await office.member(21, "Rae", "rep")
    await ann.says("/people rae")
    await ann.taps("🎭 Roles")
    await ann.taps("☐ manager")
    assert "You are a manager from now on" in rae.last
    assert "choose a team" in ann.last
    await ann.taps("✅ rep")
    assert "You are no longer a rep" in rae.last
    assert "Only a rep can do this" in await rae.says("/visit")
    assert "only role of Rae" in (await _refused(ann, "✅ manager"))


async def _refused(guest: Guest, label: str) -> str:
    await guest.taps(label)
    return guest.last


async def test_the_last_admin_stays_admin(office: Office, ann: Guest) -> None:
    await office.change_person(ann, roles="rep,admin")
    await ann.says("/people ann")
    await ann.taps("🎭 Roles")
    assert "last admin" in await _refused(ann, "✅ admin")
    ben = await office.member(12, "Ben")
    await ann.taps("✅ admin")
    assert "You are no longer an admin" in ann.last
    assert "Only a manager or an admin can do this" in await ann.says("/people")
    await ben.says("/people ben")
    await ben.taps_data(ben.newest, f"people:{ben.person_id}:0:locked")
    assert "cannot lock yourself out" in ben.last


async def test_who_is_locked_out_can_do_nothing_until_he_is_let_in(office: Office, ann: Guest) -> None:
    rae = await office.member(21, "Rae", "rep")
    await rae.says("/customers")
    await ann.says("/people rae")
    await ann.taps("🔒 Lock out")
    await ann.taps("🔒 Lock out")
    assert "An admin has locked you out" in rae.last and "Locked out" in ann.last
    for words in ("/visit", "/start", "/start token", "harbour", "/menu", "/language"):
        assert LOCKED in await rae.says(words), words
    await ann.taps("🔓 Let in again")
    assert "You are in again" in rae.last
    assert "What shall we do" in await rae.says("/menu")


async def test_an_admin_who_is_locked_out_leaves_no_open_invite_behind(office: Office, ann: Guest) -> None:
    ben = await office.member(12, "Ben")
    await ben.says("/invite rep East")
    await ann.says("/people ben")
    await ann.taps("🔒 Lock out")
    await ann.taps("🔒 Lock out")
    assert "Invite revoked" in await ann.says("/audit invites")
    eve = office.stranger(99, "Eve")
    assert "This invite does not work" in await eve.says(f"/start {_token(ben)}")


async def test_the_newest_of_two_who_change_the_same_person_is_told(office: Office, ann: Guest) -> None:
    ben, rae = await office.member(12, "Ben"), await office.member(21, "Rae", "rep")
    await ann.says("/people rae")
    await ben.says("/people rae")
    await ann.taps("🔒 Lock out")
    await ann.taps("🔒 Lock out")
    await ben.taps("🎭 Roles")
    await ben.taps("☐ manager")
    assert "somebody has changed Rae meanwhile" in ben.last
    assert (await person(office, rae)).roles == roles_of("rep")


async def test_an_open_invite_is_listed_revoked_and_made_anew(office: Office, ann: Guest) -> None:
    await ann.says("/invite rep East")
    first = _token(ann)
    await ann.says("/people")
    assert "1 open invite" in await ann.taps("✉️ Open invites: 1") and "rep · East · Ann" in ann.last
    await ann.taps("1. rep")
    await ann.taps("🔁 New link")
    second = _token(ann)
    eve = office.stranger(99, "Eve")
    assert "This invite does not work" in await eve.says(f"/start {first}")
    await ann.taps("1. rep")
    await ann.taps("🗑 Revoke")
    assert "This invite does not work" in await eve.says(f"/start {second}")
    await ann.says("/people")
    assert "0 open invites" in await ann.taps("✉️ Open invites: 0")


def _token(guest: Guest) -> str:
    links = [message.text for _, message in sorted(guest.screen.items()) if "start=" in message.text]
    return links[-1].partition("start=")[2].split()[0]


async def test_a_used_invite_cannot_be_revoked_by_an_old_button(office: Office, ann: Guest) -> None:
    await ann.says("/invite rep East")
    token = _token(ann)
    await ann.says("/people")
    await ann.taps("✉️ Open invites")
    await ann.taps("1. rep")
    rae = office.stranger(21, "Rae")
    await rae.says(f"/start {token}")
    await ann.taps("🗑 Revoke")
    assert "not open any more" in ann.last


async def test_when_somebody_was_seen_is_kept_to_some_minutes(office: Office, ann: Guest) -> None:
    rae = await office.member(21, "Rae", "rep")
    await ann.says("/people rae")
    assert "not seen yet" in ann.last
    await rae.says("/menu")
    office.pass_time(minutes=5)
    await rae.says("/menu")
    assert "seen 09:00" in await ann.says("/people rae")
    office.pass_time(minutes=5)
    await rae.says("/menu")
    assert "seen 09:10" in await ann.says("/people rae")


def _somebody(number: int, roles: str, path: str, status: str = "active") -> Person:
    return Person(number, number, f"P{number}", "", "en", "UTC", roles_of(roles), None, path, status)


def test_the_nearest_manager_above_hears_of_a_rep_and_the_admins_where_nobody_leads_him() -> None:
    admin, chief = _somebody(1, "admin", ""), _somebody(2, "manager", "/1/")
    leader, other = _somebody(3, "manager", "/1/4/"), _somebody(4, "manager", "/1/5/")
    rep, alone = _somebody(5, "rep", "/1/4/"), _somebody(6, "rep", "")
    everybody = [admin, chief, leader, other, rep, alone]
    assert led_by(rep, everybody) == [leader]
    assert led_by(leader, everybody) == [chief]
    assert led_by(alone, everybody) == [admin]
    assert led_by(rep, [admin, chief, _somebody(3, "manager", "/1/4/", "gone")]) == [chief]
