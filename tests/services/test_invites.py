"""An admin makes an invite link, and what happens to whoever brings a token: good, used, expired, wrong or guessed."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from desk_talk import Guest, Office
from sqlalchemy import select

from bot.domain.conversation import ContactShared
from bot.domain.people import Person
from bot.services import joining
from storage import people
from storage.database import Database
from storage.tables import InviteRow, TeamRow, table

NEUTRAL = "This invite does not work: it may have been used, or it has expired."


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    yield Office(database, admin_ids=frozenset({99}))


@pytest.fixture
async def ann(office: Office) -> Guest:
    return await office.member(11, "Ann")


def token_in(text: str) -> str:
    found = re.search(r"https://t\.me/rounds_bot\?start=([\w-]+)", text)
    assert found is not None, text
    return found[1]


async def join(guest: Guest, token: str) -> None:
    await guest.says(f"/start {token}")
    await guest.taps("English")
    await guest.gives(ContactShared("+8613800000001", own=True))
    await guest.taps("Shanghai")


async def found(office: Office, guest: Guest) -> Person:
    person = await office.database.read(lambda connection: people.find_by_telegram(connection, guest.telegram_id))
    assert person is not None
    return person


async def teams(office: Office) -> dict[str, Any]:
    rows = await office.database.read(lambda connection: list(connection.execute(select(table(TeamRow)))))
    return {row.name: row for row in rows}


async def team_called(office: Office, name: str, parent_id: int | None = None) -> int:
    return await office.database.write(lambda connection: people.add_team(connection, name, parent_id))


# --- making the link --------------------------------------------------------------------------


async def test_a_rep_is_invited_with_one_tap_while_there_are_no_teams(office: Office, ann: Guest) -> None:
    await ann.says("/invite")
    await ann.taps("A rep")
    assert "An invite for <b>one rep</b>:" in ann.last
    assert "until Thu 26 Nov 09:00" in ann.last, "72 hours, unless the rules say something else"
    (share,) = ann.buttons(ann.newest)
    assert share["url"].startswith("https://t.me/share/url?url=https%3A//t.me/rounds_bot%3Fstart%3D")
    bob = office.stranger(21, "Bob")
    await join(bob, token_in(ann.last))
    person = await found(office, bob)
    assert person.active and person.roles == {"rep"} and person.team_id is None


async def test_the_link_is_not_stored_as_it_is_and_is_long_enough(office: Office, ann: Guest) -> None:
    token = token_in(await ann.says("/invite rep"))
    assert len(token) * 6 >= 128
    rows = await office.database.read(lambda connection: list(connection.execute(select(table(InviteRow)))))
    assert token not in str(rows) and rows[0].token_hash == joining.token_hash(token)


async def test_a_team_is_chosen_from_the_tree(office: Office, ann: Guest) -> None:
    china = await team_called(office, "China")
    east = await team_called(office, "East", china)
    await ann.says("/invite")
    await ann.taps("A manager")
    assert ann.labels == ["China", "\u2003East", "＋ New team", "✖️ Cancel"], "a manager without a team would see nobody"
    await ann.taps("East")
    assert "Team: East" in ann.last
    bob = office.stranger(21, "Bob")
    await join(bob, token_in(ann.last))
    person = await found(office, bob)
    assert (person.team_id, person.roles) == (east, {"manager"})


async def test_a_manager_needs_a_team_and_the_first_one_is_made_with_his_link(office: Office, ann: Guest) -> None:
    await ann.says("/invite")
    await ann.taps("A manager")
    assert "there is none yet. What shall it be called?" in ann.last
    assert not await teams(office)
    await ann.says("  East   one ")
    assert "Team: East one" in ann.last
    assert list(await teams(office)) == ["East one"]


async def test_a_new_team_is_put_below_another_one(office: Office, ann: Guest) -> None:
    china = await team_called(office, "China")
    await ann.says("/invite")
    await ann.taps("A rep")
    await ann.taps("New team")
    await ann.says("East")
    assert "There is no team <b>East</b> yet" in ann.last
    await ann.taps("China")
    assert "Team: East" in ann.last
    assert (await teams(office))["East"].parent_id == china


async def test_everything_can_be_said_in_one_line(office: Office, ann: Guest) -> None:
    await team_called(office, "Team East")
    assert "Team: Team East" in await ann.says("/invite rep team east")
    assert len(ann.screen) == 1, "nothing but the link"
    assert "one manager" in await ann.says("/invite 经理 Team East")
    assert "one admin" in await ann.says("/invite Admin")


async def test_a_team_that_is_not_there_is_asked_about_before_it_is_made(office: Office, ann: Guest) -> None:
    await team_called(office, "East")
    assert "There is no team <b>Eats</b> yet" in await ann.says("/invite rep Eats")
    await ann.taps("Cancel")
    assert "No invite was made" in ann.last
    assert list(await teams(office)) == ["East"]
    invites = await office.database.read(lambda connection: list(connection.execute(select(table(InviteRow)))))
    assert not invites


async def test_a_role_or_a_name_that_is_none_is_refused_with_what_is_right(ann: Guest) -> None:
    assert "It is rep, manager or admin" in await ann.says("/invite boss")
    await ann.says("/invite manager ···")
    assert any("That is no name for a team" in message.text for message in ann.screen.values())


async def test_a_button_of_an_invite_that_was_finished_makes_no_second_link(office: Office, ann: Guest) -> None:
    await ann.says("/invite")
    button = ann.button("A rep")
    await ann.taps_data(*button)
    await ann.taps_data(*button)
    assert "That button is from before" in ann.last
    invites = await office.database.read(lambda connection: list(connection.execute(select(table(InviteRow)))))
    assert len(invites) == 1


async def test_only_an_admin_invites_and_a_role_taken_away_works_at_the_next_tap(office: Office, ann: Guest) -> None:
    rep = await office.member(31, "Rae", "rep,manager")
    assert "Only an admin can do this" in await rep.says("/invite")
    await ann.says("/invite")
    await office.change_person(ann, roles="manager")
    await ann.taps("A rep")
    assert "Only an admin can do this" in ann.last
    invites = await office.database.read(lambda connection: list(connection.execute(select(table(InviteRow)))))
    assert not invites


# --- bringing a token -------------------------------------------------------------------------


async def test_a_link_works_for_one_person_only(office: Office, ann: Guest) -> None:
    token = token_in(await ann.says("/invite rep"))
    bob, eve = office.stranger(21, "Bob"), office.stranger(22, "Eve")
    await join(bob, token)
    assert NEUTRAL in await eve.says(f"/start {token}")
    assert not (await found(office, eve)).active
    assert NEUTRAL in await bob.says(f"/start {token}"), "not even for him again"


async def test_a_link_ends_when_the_rules_say_so(office: Office, ann: Guest) -> None:
    await ann.says("/set invite.lives 2 h")
    late, early = [token_in(await ann.says("/invite rep")) for _ in range(2)]
    office.pass_time(hours=1, minutes=59)
    await join(office.stranger(21, "Bob"), early)
    office.pass_time(minutes=1)
    assert NEUTRAL in await office.stranger(22, "Eve").says(f"/start {late}")


async def test_used_expired_and_invented_tokens_get_the_same_answer(office: Office, ann: Guest) -> None:
    used, expired = [token_in(await ann.says("/invite rep")) for _ in range(2)]
    await join(office.stranger(21, "Bob"), used)
    office.pass_time(hours=73)
    eve = office.stranger(22, "Eve")
    answers = {await eve.says(f"/start {token}") for token in (used, expired, "invented", "x" * 3000)}
    assert len(answers) == 1 and NEUTRAL in answers.pop()


async def test_after_five_wrong_tokens_even_a_good_one_waits_an_hour(office: Office, ann: Guest) -> None:
    token = token_in(await ann.says("/invite rep"))
    eve = office.stranger(22, "Eve")
    for number in range(5):
        await eve.says(f"/start guess{number}")
    assert NEUTRAL in await eve.says(f"/start {token}"), "and he is not told that this one was good"
    office.pass_time(minutes=59)
    assert NEUTRAL in await eve.says(f"/start {token}")
    office.pass_time(minutes=1)
    await join(eve, token)
    assert (await found(office, eve)).active


async def test_four_wrong_tokens_lock_nobody_out_and_a_good_one_forgives_them(office: Office, ann: Guest) -> None:
    eve = office.stranger(22, "Eve")
    for _ in range(2):
        for number in range(4):
            await eve.says(f"/start guess{number}")
        token = token_in(await ann.says("/invite rep"))
        assert NEUTRAL not in await eve.says(f"/start {token}")


async def test_how_many_tries_there_are_is_a_rule(office: Office, ann: Guest) -> None:
    await ann.says("/set invite.tries 1")
    token = token_in(await ann.says("/invite rep"))
    eve = office.stranger(22, "Eve")
    await eve.says("/start guess")
    assert NEUTRAL in await eve.says(f"/start {token}")


async def test_one_who_guesses_locks_out_nobody_else(office: Office, ann: Guest) -> None:
    token = token_in(await ann.says("/invite rep"))
    eve, bob = office.stranger(22, "Eve"), office.stranger(21, "Bob")
    for number in range(5):
        await eve.says(f"/start guess{number}")
    await join(bob, token)
    assert (await found(office, bob)).active


async def test_a_member_gains_the_role_of_another_invite_and_keeps_his_own(office: Office, ann: Guest) -> None:
    await team_called(office, "East")
    token = token_in(await ann.says("/invite manager East"))
    rep = await office.member(31, "Rae", "rep")
    assert "you are now a manager too" in await rep.says(f"/start {token}")
    assert (await found(office, rep)).roles == {"rep", "manager"}


async def test_a_stranger_without_a_token_is_told_whom_to_ask(office: Office) -> None:
    eve = office.stranger(22, "Eve")
    assert "Please ask your admin for an invite link" in await eve.says("/start")
    assert "Please ask your admin for an invite link" in await eve.says("/settings")


async def test_an_id_of_the_settings_becomes_admin_without_a_token(office: Office) -> None:
    chief = office.stranger(99, "Chief")
    await chief.says("/start")
    await chief.taps("English")
    await chief.gives(ContactShared("+8613800000002", own=True))
    await chief.taps("Shanghai")
    assert (await found(office, chief)).roles == {"admin"}


async def claim_code(office: Office, secret: str = "the bot's token") -> str | None:
    return await office.desk.decide("a start", lambda turn: joining.claim_code(turn, secret))


async def test_the_claim_code_is_told_at_each_start_until_it_has_made_an_admin(office: Office) -> None:
    code = await claim_code(office)
    assert code is not None
    office.pass_time(hours=1000)
    assert await claim_code(office) == code, "the first start may have died before anybody read it"
    chief, eve = office.stranger(23, "Chief"), office.stranger(22, "Eve")
    await join(chief, code)
    assert (await found(office, chief)).roles == {"admin"}
    assert NEUTRAL in await eve.says(f"/start {code}")
    assert await claim_code(office) is None


async def test_with_another_bots_token_the_claim_code_is_another_and_the_old_one_is_worth_nothing(
    office: Office,
) -> None:
    old, new = await claim_code(office), await claim_code(office, "another token")
    chief, eve = office.stranger(23, "Chief"), office.stranger(22, "Eve")
    assert NEUTRAL in await eve.says(f"/start {old}")
    await join(chief, str(new))
    assert (await found(office, chief)).roles == {"admin"}


async def test_where_there_is_an_admin_no_claim_code_is_made(office: Office, ann: Guest) -> None:
    assert await claim_code(office) is None
