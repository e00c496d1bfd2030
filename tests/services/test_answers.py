"""A manager reads what his teams' checklists brought: counted, one by one, and as a workbook."""

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from answers import CHECK, PRICE, published, sent, words
from desk_talk import Guest
from office_hours import Company, local
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from bot.domain.answers import Value
from bot.domain.sop import Sop
from bot.media.workers import MediaWorkers
from bot.services.answer_exports import AnswerFiles
from storage import audit, jobs, people, teams
from storage.blobs import Blobs
from storage.database import Connection, Database
from storage.tables import OutboxRow, table

MONDAY = date(2026, 11, 23)


@pytest.fixture
async def company(database: Database) -> Company:
    """A rep and his manager in the West, a manager in the East; three weeks of checks in the West, one in the East."""
    opened = Company(database)
    opened.office.now = local("2026-11-24 09:00")
    emma = await opened.member("Emma", team="West")
    otto = await opened.member("Otto", team="East")
    await opened.customer("Harbour Bakery", emma, external_id="0017")
    await opened.customer("Old Town Noodles", otto)

    def tell(connection: Connection) -> None:
        version = published(connection)
        for week in range(3):
            on = MONDAY - timedelta(weeks=week)
            sent(connection, version, emma.person_id, 1, on, checked(stock=10.0 * (week + 1), pepsi=3.0 + week / 2))
        sent(connection, version, otto.person_id, 2, MONDAY, {"listed": True, "stock@cola": 7.0, "said": "=1+1"})

    await database.write(tell)
    return opened


def checked(*, stock: float, pepsi: float) -> dict[str, Value]:
    return {
        "listed": False, "why": "room", "stock@cola": stock, "stock@tea": 2.0, "@rivals": ["Pepsi"],
        "price@Pepsi": pepsi, "mood": 4.0, "said": "Come again",
    }  # fmt: skip


async def opened(guest: Guest, question: str, period: str | None = None) -> str:
    """The page of a question."""
    await guest.says("/answers")
    await guest.taps(question)
    return await guest.taps(period) if period is not None else guest.last


@pytest.fixture
async def boss(company: Company) -> Guest:
    return await company.member("Chen", "manager", team="West")


async def test_stock_is_counted_by_product(boss: Guest) -> None:
    said = await opened(boss, "Stock")
    assert "Stock</b> (pieces)" in said and "in all" not in said, "stock of two weeks is the same stock"
    assert "Cola</b>: <b>20</b> on average, 10 to 30 · 3 answers" in said
    assert "Iced tea</b>: <b>2</b> on average, 2 to 2 · 3 answers" in said


async def test_a_rivals_price_is_told_by_week_and_never_summed(boss: Guest) -> None:
    said = await opened(boss, "Price")
    rows = [line.split() for line in said.splitlines() if "<code>" in line]
    assert [(row[0][-5:], row[1], row[2]) for row in rows] == [
        ("11-09", "4", "4–4"), ("11-16", "3.5", "3.5–3.5"), ("11-23", "3", "3–3"),
    ]  # fmt: skip
    assert "in all" not in said


async def test_shares_tell_a_yes_or_no_and_a_choice(boss: Guest) -> None:
    assert "No: <b>3</b> · 100 % ▇▇▇▇▇▇▇▇▇▇" in await opened(boss, "New product")
    assert "No room: <b>3</b> · 100 %" in await opened(boss, "Why not")


async def test_text_is_read_one_by_one_with_customer_and_day(boss: Guest) -> None:
    said = await opened(boss, "What does he say")
    assert "3 answers" in said and "Mon 23 Nov · Harbour Bakery · Emma\n<b>Come again</b>" in said
    assert not any("Counted" in label for label in boss.labels)


async def test_a_list_turns_its_pages(company: Company, boss: Guest) -> None:
    await opened(boss, "Stock")
    said = await boss.taps("One by one")
    assert "6 answers" in said and said.count("Cola: ") == 3
    assert "Mon 9 Nov · Harbour Bakery · Emma\nIced tea: <b>2</b> pieces" in said


async def test_a_period_without_answers_says_what_to_do(boss: Guest) -> None:
    said = await opened(boss, "Stock", "Last month")
    assert "Thu 1 Oct – Sat 31 Oct" in said and "No answers in these days" in said
    assert "✓ Last month" in boss.labels


async def test_each_sees_his_own_teams_and_an_admin_everybody(company: Company, boss: Guest) -> None:
    other = await company.member("Olga", "manager", team="East")
    admin = await company.member("Ann", "admin")
    assert "<b>7</b> on average, 7 to 7, 7 in all · 1 answer" in await opened(other, "Stock")
    assert "Emma" not in await other.taps("One by one")
    assert "7 answers" in await opened(admin, "Stock")
    nobody = await company.member("Nils", "manager")
    assert "You lead no team yet" in await nobody.says("/answers")


async def test_what_a_deleted_team_did_is_still_read_above_it_and_by_no_team_that_comes_after(
    company: Company, boss: Guest
) -> None:
    north = await company.team("North", below="West")
    sam = await company.member("Sam", team="North")

    def close(connection: Connection) -> None:
        sent(connection, published(connection), sam.person_id, 1, MONDAY, {"stock@cola": 50.0})
        people.change(connection, sam.person_id, team_id=people.find_team(connection, "West"))
        teams.remove(connection, north, company.office.now)

    await company.database.write(close)
    assert "10 to 50, 60 in all" in await opened(boss, "Stock", "This week")
    await company.team("South")
    stranger = await company.member("Stan", "manager", team="South")
    assert "No answers in these days" in await stranger.says("/answers")


async def test_who_lost_his_role_sees_no_more_behind_an_old_button(company: Company, boss: Guest) -> None:
    await opened(boss, "Stock")
    await company.office.change_person(boss, roles="rep")
    await boss.taps("One by one", on=max(boss.screen))
    assert "Come again" not in boss.last and "Stock" not in boss.last


async def test_another_unit_is_said_and_never_mixed(company: Company, boss: Guest) -> None:
    box = replace(PRICE, unit=words("yuan a box", "元/箱"))
    news = replace(CHECK, items=tuple(box if item.id == "price" else item for item in CHECK.items))
    await told(company, news, {"@rivals": ["pepsi"], "listed": True, "price@pepsi": 48.0, "mood": 2.0})
    said = await opened(boss, "Price")
    assert "<b>48</b> on average" in said and "1 answer" in said
    assert "3 answers are left out: version 1 asked otherwise (yuan)." in said
    said = await boss.taps("✂️ yuan")
    assert "3 answers" in said and "1 answer is left out: version 2 asked otherwise (yuan a box)." in said
    assert "<b>3.5</b> on average, 2 to 4 · 4 answers" in await opened(boss, "How content"), (
        "the same question counts on"
    )


async def test_spellings_of_a_rival_are_one(company: Company, boss: Guest) -> None:
    await told(company, CHECK, {"@rivals": ["PEPSI"], "listed": True, "price@PEPSI": 5.5})
    said = await opened(boss, "Price")
    assert "Pepsi</b>: <b>4</b> on average, 3 to 5.5 · 4 answers" in said and "PEPSI" not in said


async def told(company: Company, sop: Sop, answers: dict[str, Value]) -> None:
    """A visit of Emma's by a new version."""
    await company.database.write(lambda c: sent(c, published(c, sop), 1, 1, MONDAY, answers))


# --- the workbook -----------------------------------------------------------------------------


@pytest.fixture
async def files(company: Company, tmp_path: Path) -> AsyncIterator[AnswerFiles]:
    workers = MediaWorkers(size=1)
    yield AnswerFiles(company.office.desk, Blobs(str(tmp_path)), workers, company.office.renderer)
    await workers.close()


async def made(company: Company, files: AnswerFiles) -> list[dict[str, Any]]:
    """The messages with a file, after every job was done."""
    for job in await company.database.read(lambda c: jobs.list_due(c, company.office.now, 100)):
        if job.kind in files.kinds:
            await files.kinds[job.kind](job)
    sent = select(table(OutboxRow).c.context).where(table(OutboxRow).c.message == "answers/file")
    found = await company.database.read(lambda c: list(c.execute(sent).scalars()))
    await company.send()
    return found


async def test_the_workbook_has_numbers_days_and_counts(company: Company, boss: Guest, files: AnswerFiles) -> None:
    await opened(boss, "Price")
    await boss.taps("Excel")
    await boss.taps("Excel")
    (message,) = await made(company, files)
    assert "3 answers, one a row" in boss.last
    sheets = await read(files, message)
    assert list(sheets) == ["Answers", "By product or rival", "By week"]
    first = dict(zip(sheets["Answers"][0], sheets["Answers"][1], strict=True))
    assert (first["Date"], first["Customer ID"], first["About"], first["Answer"], first["Unit"]) == (
        MONDAY, "0017", "Pepsi", 3.0, "yuan",
    )  # fmt: skip
    assert sheets["By week"][:2] == [
        ["Week from", "Pepsi · Average", "Pepsi · Lowest", "Pepsi · Highest", "Pepsi · Number of answers"],
        [date(2026, 11, 9), 4.0, 4.0, 4.0, 1.0],
    ]
    data = await files.blobs.read(message["file"]["key"])
    assert "xl/charts/chart1.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    (entry,) = await company.database.read(lambda c: audit.list_after(c, 0))
    assert (entry[0].area, entry[0].what, entry[0].subject, entry[0].person_id) == (
        "export", "answers", "sop:shelf_check", boss.person_id,
    )  # fmt: skip


async def test_words_of_a_customer_are_never_a_formula(company: Company, files: AnswerFiles) -> None:
    admin = await company.member("安", "admin", language="zh_Hans")
    await opened(admin, "客户怎么说")
    await admin.taps("Excel")
    (message,) = await made(company, files)
    sheets = await read(files, message)
    rows = [dict(zip(sheets["回答"][0], row, strict=True)) for row in sheets["回答"][1:]]
    assert {row["回答"] for row in rows} == {"=1+1", "Come again"}


async def test_who_lost_his_role_meanwhile_is_sent_nothing_and_told_so(
    company: Company, boss: Guest, files: AnswerFiles
) -> None:
    await opened(boss, "Stock")
    await boss.taps("Excel")
    await company.office.change_person(boss, roles="rep")
    assert await made(company, files) == []
    assert "What you may take out has changed" in boss.last


async def test_who_waits_for_a_file_that_cannot_be_made_is_told(
    company: Company, boss: Guest, files: AnswerFiles
) -> None:
    await opened(boss, "Stock")
    await boss.taps("Excel")
    (job,) = await company.database.read(lambda c: jobs.list_due(c, company.office.now, 100))
    await company.office.desk.act("given up", files.lose, job)
    await company.send()
    assert "tap 📥 Excel on the page of /answers once more" in boss.last
    assert await made(company, files) == [], "he was told already"


async def read(files: AnswerFiles, message: dict[str, Any]) -> dict[str, list[list[Any]]]:
    data = await files.blobs.read(message["file"]["key"])
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
