"""`/health` on a good and on a bad day: what is wrong is said in sentences, with what to do."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from desk_talk import Guest, Office
from operators_port import message, nothing_wrong, store, update

from bot.rendering import LANGUAGES, Rendered
from bot.services.health_pages import BACKUP_WITHIN, Health
from bot.services.readiness import Pace, Readiness
from storage import jobs
from storage.blobs import StoreAway
from storage.database import Database
from storage.room import LITTLE_SPACE, NO_SPACE
from storage.schema import newest_revision
from storage.tables import InboxRow, OutboxRow
from storage.wellbeing import note_backup

Check = Callable[[], Awaitable[None]]
PACES = (Pace(within=3.0, fresh=0.0), Pace(within=3.0, fresh=0.0))


async def refuses() -> None:
    raise StoreAway("PermissionDeniedError")


async def looked(office: Office, guest: Guest, check: Check = nothing_wrong, free: int = 64 * 1024**3) -> str:
    """What stands on the page once the job has looked."""
    readiness = Readiness(office.database, check, lambda: office.now, lambda: True, paces=PACES)
    health = Health(office.desk, readiness, [Path("data")], lambda _folder: free)
    for job in await office.database.read(lambda connection: jobs.list_due(connection, office.now, 9)):
        if job.kind in health.kinds:
            await health.kinds[job.kind](job)
    await office.deliver()
    readiness.close()
    return guest.last


async def backed_up(office: Office, ago: timedelta) -> None:
    await office.database.write(lambda connection: note_backup(connection, office.now - ago, {"name": "x.tar"}))


def readable(said: Rendered) -> str:
    buttons = [f"[{button['text']}]" for row in (said.markup or {})["inline_keyboard"] for button in row]
    text = "\n".join([said.text, *buttons])
    return text.replace(version("rounds"), "x.y.z").replace(newest_revision(), "NNNN")


async def bad_day(office: Office) -> None:
    """Everything at once: updates, messages, people, what failed, a backup of long ago."""
    ann = await office.member(91, "Rae", "rep")
    await office.change_person(ann, reachable=False)
    old, later = office.now - timedelta(hours=3), office.now + timedelta(hours=1)
    await store(office.database, InboxRow, update(900, old), update(901, old, "quarantined"))
    await store(office.database, OutboxRow, *(message(f"k{n}", old, not_before=later) for n in range(5)))
    await backed_up(office, timedelta(days=9))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_good_day_is_told_in_one_look(database: Database, language: str, kept: Any) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann", language=language)
    await backed_up(office, timedelta(hours=7))
    assert "⏳" in await ann.says("/health")
    page = await looked(office, ann)
    assert "⚠️" not in page and "❌" not in page
    assert len(ann.screen) == 1, "the page is completed in place"
    if database.is_sqlite:
        kept(f"health_good_{language}", readable(ann.screen[1]) + "\n")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_bad_day_says_what_to_do_about_each_thing(database: Database, language: str, kept: Any) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann", language=language)
    await bad_day(office)
    await ann.says("/health")
    page = await looked(office, ann, refuses, NO_SPACE - 1)
    assert (page.count("❌"), page.count("⚠️")) == (5, 2)
    if language == "en":
        assert "7 things want a look" in page
        for word in ("Rae", "rounds replay --all", "rounds backup", "PermissionDeniedError", "0.1 GiB"):
            assert word in page
    if database.is_sqlite:
        kept(f"health_bad_{language}", readable(ann.screen[1]) + "\n")


async def test_where_jobs_stand_still_the_page_is_there_and_says_so(database: Database) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    page = await ann.says("/health")
    assert "Updates, messages and photos are worked off" in page
    assert "If this line stays, photos and lists are not worked on" in page


@pytest.mark.parametrize(("free", "mark"), [(NO_SPACE - 1, "❌"), (LITTLE_SPACE - 1, "⚠️"), (LITTLE_SPACE, "✅")])
async def test_room_on_the_disk_is_told_before_it_is_gone(database: Database, free: int, mark: str) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    await ann.says("/health")
    page = await looked(office, ann, free=free)
    assert next(line for line in page.splitlines() if "GiB" in line).startswith(mark)


async def test_a_backup_is_old_after_two_days(database: Database) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    assert "I know of no backup" in await ann.says("/health")
    await backed_up(office, BACKUP_WITHIN)
    assert "✅ Last backup" in await ann.says("/health")
    office.pass_time(seconds=1)
    assert "⚠️ Last backup" in await ann.says("/health")


async def test_the_button_looks_again_in_the_same_message(database: Database) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    await ann.says("/health")
    await backed_up(office, timedelta(0))
    assert "Last backup" in await ann.taps("Look again")
    assert len(ann.screen) == 1


async def test_whoever_is_no_admin_any_more_gets_no_second_look(database: Database) -> None:
    office = Office(database)
    ann = await office.member(1, "Ann")
    await ann.says("/health")
    await office.change_person(ann, roles="rep")
    assert "⏳" in await looked(office, ann), "the page stays as it was"
    await ann.taps("Look again")
    assert "Only an admin can do this" in ann.last
