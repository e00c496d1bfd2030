"""The audit: every change is written down in a chain; whoever alters, takes out or cuts off is found out."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from desk_talk import Guest, Office
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from bot.domain.audit import ACTS, PRIVATE, Area
from bot.domain.review import State
from bot.rendering import LANGUAGES, Renderer
from bot.services import audit
from bot.services.audit_pages import AREA_WORDS, Verification
from storage import audit as stored
from storage import jobs
from storage.audit import AUDIT
from storage.database import Database, DatabaseAway


async def changed_often(office: Office, admin: Guest, times: int) -> None:
    """The radius goes up and down."""
    for number in range(times):
        await admin.says(f"/set fence.radius {150 + number % 2 * 50 + 10}")


async def verified(office: Office, admin: Guest) -> str:
    """What `/audit verify` says in the end."""
    await admin.says("/audit verify")
    check = Verification(office.desk)
    for job in await office.database.read(lambda connection: jobs.list_due(connection, office.now, 9)):
        if job.kind in check.kinds:
            await check.kinds[job.kind](job)
    await office.deliver()
    return admin.last


async def tampered(database: Database, statement: str) -> None:
    """What only somebody with the database in his hands can do: the triggers are taken away first."""

    def do(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_no_update"))
            connection.execute(text("DROP TRIGGER audit_no_delete"))
        else:
            connection.execute(text("DROP TRIGGER audit_no_change ON audit"))
        connection.execute(text(statement))

    await database.write(do)


async def entries(database: Database) -> list[Any]:
    return await database.read(lambda connection: list(connection.execute(select(AUDIT).order_by(AUDIT.c.seq))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_and_area_has_its_words(language: str) -> None:
    renderer = Renderer()
    acts = {f"{area.value}.{act}" for area, acts in ACTS.items() for act in acts}
    assert set(renderer.words("audit/acts", language)) == acts
    assert set(renderer.words("audit/areas", language)) == set(Area)
    assert set(AREA_WORDS.values()) == set(Area)
    assert set(State) <= set(renderer.words("audit/facts", language))


async def test_a_change_of_a_rule_is_written_down_with_who_when_old_and_new(database: Database) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    await ann.says("/set fence.radius 150")
    await ann.says("/undo")
    first, second = await entries(database)
    assert (first.seq, first.person_id, first.at) == (1, ann.person_id, office.now)
    assert (first.what, first.subject, first.old, first.new) == ("changed", "fence.radius", None, "150")
    assert (second.what, second.old, second.new) == ("undone", "150", None)


async def test_a_refused_change_leaves_no_entry(database: Database) -> None:
    ann = await Office(database).member(1, "Ann")
    await ann.says("/set fence.radius 1")
    assert await entries(database) == []


async def test_an_invite_and_who_joined_by_it_are_written_down_without_token_or_phone(database: Database) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    said = await ann.says("/invite rep East")
    token = said.partition("start=")[2].split()[0].split('"')[0].split("<")[0]
    rae = await office.member(2, "Rae", "manager")
    await rae.says(f"/start {token}")
    kept = await entries(database)
    assert [(entry.area, entry.what) for entry in kept][-1] == ("people", "role_given")
    assert kept[-1].new["roles"] == ["rep", "manager"]
    everything = json.dumps([[str(value) for value in entry] for entry in kept])
    assert token not in everything and "Rae" not in everything


@pytest.mark.parametrize("private", sorted(PRIVATE))
async def test_what_must_not_be_kept_for_ever_is_not_taken(database: Database, private: str) -> None:
    office = Office(database)
    with pytest.raises(ValueError, match="keeps no"):
        await office.desk.act(
            "x", lambda turn: audit.note(turn, Area.PEOPLE, "joined", "person:1", None, {private: "x"})
        )
    assert await entries(database) == []


async def test_an_act_that_nobody_declared_is_not_taken(database: Database) -> None:
    with pytest.raises(ValueError, match=r"no people\.danced"):
        await Office(database).desk.act("x", lambda turn: audit.note(turn, Area.PEOPLE, "danced", "person:1"))


@pytest.mark.parametrize("statement", ["UPDATE audit SET new = NULL", "DELETE FROM audit"])
async def test_the_database_itself_refuses_to_change_an_entry(database: Database, statement: str) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    await ann.says("/set fence.radius 150")
    with pytest.raises((DatabaseError, SQLAlchemyError, DatabaseAway)):
        await database.write(lambda connection: connection.execute(text(statement)))
    assert len(await entries(database)) == 1


async def test_a_whole_chain_is_said_to_be_whole_and_its_end_can_be_noted_down(database: Database) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    await changed_often(office, ann, 3)
    said = await verified(office, ann)
    assert "whole: 3 entries" in said
    noted = said.partition("<code>")[2].partition("</code>")[0]
    await changed_often(office, ann, 2)
    await ann.says(noted)
    assert "Entry #3 is the one" in ann.screen[ann.newest - 1].text
    await ann.says(noted[:-1] + ("0" if noted[-1] != "0" else "1"))
    assert "is not the one" in ann.screen[ann.newest - 1].text
    assert "at least 8 digits" in await ann.says("/audit verify 3 abc")


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE audit SET new = NULL WHERE seq = 3", "entry #3: it was altered"),
        ("UPDATE audit SET person_id = 99 WHERE seq = 1", "entry #1: it was altered"),
        ("DELETE FROM audit WHERE seq = 2", "entry #2: it is missing"),
        ("DELETE FROM audit WHERE seq > 3", "entry #4: from there on"),
        ("DELETE FROM audit", "entry #1: from there on"),
    ],
)
async def test_the_walk_says_where_the_chain_breaks(database: Database, statement: str, why: str) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    await changed_often(office, ann, 5)
    await tampered(database, statement)
    said = await verified(office, ann)
    assert why in said
    await changed_often(office, ann, 1)
    assert why.split(":")[0] in await verified(office, ann), "an entry that is added later does not heal it"


async def test_writers_side_by_side_make_one_chain(database_url: str) -> None:
    machines = [Database(database_url) for _ in range(3)] if not database_url.startswith("sqlite") else []
    machines = machines or [Database(database_url)]
    offices = [Office(machine) for machine in machines]

    async def write(office: Office, number: int) -> None:
        await office.desk.act(f"x{number}", lambda turn: audit.note(turn, Area.SOP, "published", "sop:x", None, number))

    await asyncio.gather(*(write(offices[number % len(offices)], number) for number in range(60)))
    kept = await entries(machines[0])
    assert [entry.seq for entry in kept] == list(range(1, 61))
    assert {entry.new for entry in kept} == set(range(60))
    ann = await offices[0].member(1, "Ann")
    assert "whole: 60 entries" in await verified(offices[0], ann)
    for machine in machines:
        await machine.close()


async def test_pages_go_back_in_time_and_are_filtered_by_area_and_person(database: Database) -> None:
    office = Office(database)
    ann, bob = await office.member(1, "Ann"), await office.member(2, "Bob")
    await changed_often(office, ann, 9)
    await bob.says("/invite admin")
    assert "Invite issued" in await ann.says("/audit")
    assert "#1<" not in ann.last
    assert "#1<" in await ann.taps("Older")
    assert len([label for label in ann.labels if "Newest" in label]) == 1
    assert "Invite issued" in await ann.taps("Newest")
    assert "Rule changed" not in await ann.taps("Invites")
    assert "role admin</b>" in ann.last, "and no word of a team, of which there is none"
    assert "Rule changed" not in await ann.says("/audit bob")
    assert "written down here yet" in await ann.says("/audit people Bob")
    assert "Nobody here is called" in await ann.says("/audit Zoe")
    assert "#9<" in await ann.says("/audit rules ann")


async def test_of_several_people_with_the_name_one_is_chosen(database: Database) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann Lee")
    await office.member(2, "Bob Lee")
    await ann.says("/set fence.radius 150")
    await ann.says("/audit lee")
    assert ann.labels == ["Ann Lee", "Bob Lee"]
    await ann.taps("Ann Lee")
    assert "Rule changed" in ann.last


async def test_whoever_lost_the_role_is_told_nothing(database: Database) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    await ann.says("/set fence.radius 150")
    await ann.says("/audit")
    await office.change_person(ann, roles="rep")
    await ann.taps("People")
    assert "Only an admin can do this" in ann.last
    assert "Only an admin can do this" in await ann.says("/audit verify")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_audit_can_be_read(database: Database, language: str, kept: Any) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann", language=language)
    await ann.says("/set fence.radius 150")
    office.pass_time(hours=2)
    await ann.says("/undo")
    await ann.says("/invite rep East")
    office.now += timedelta(days=1)
    await ann.says("/audit")
    pages = [ann.last]
    head = await database.read(stored.find_head)
    assert head is not None
    pages += [await verified(office, ann)]
    await tampered(database, "UPDATE audit SET new = NULL WHERE seq = 1")
    pages += [await verified(office, ann)]
    if database.is_sqlite:
        kept(f"audit_{language}", "\n----\n".join(pages).replace(head.hash[:12], "0123456789ab") + "\n")
