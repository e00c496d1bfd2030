"""What an admin is told of a list that he sent, and what becomes of its customers; and that only an admin is."""

import pytest
from desk_talk import Guest
from registry import CUSTOMER, GOOD, IMPORT, TITLES, Registry

from bot.domain.conversation import Uploaded
from bot.domain.customer_owners import Owners
from bot.domain.customer_sheet import read_customers
from bot.domain.geography import Point, distance
from bot.domain.sheet import Row
from bot.media.worksheets import read_sheet
from storage import search


async def test_nothing_is_written_before_it_is_confirmed(registry: Registry, ann: Guest) -> None:
    said = await registry.send(ann, GOOD)
    assert "2 new · 0 changed · 0 unchanged" in said
    assert await registry.rows(CUSTOMER) == []
    await ann.taps("Import 2 customers")
    assert await registry.rows(CUSTOMER) == []
    assert "2 new, 0 changed" in await registry.work(ann)
    assert [row.name for row in await registry.rows(CUSTOMER)] == ["Harbour Bakery", "Old Town Noodles"]


MISTAKES = {
    ",K-1,A,,,,,,,": "Row 2: the name is missing",
    "Two,K-2,E,,,,,,,": "Row 3: the grade is “E”, but must be A, B, C or D",
    "Three,K-3,,Nobody,,,,,,": "Row 4: nobody here is called “Nobody”",
    "Four,K-4,,,,106.5,29.5,GPS,,": "Row 5: latitude and longitude are swapped: “106.5, 29.5”",
    "Five,K-5,,,,91,181,GPS,,": "Row 6: no place on earth has the coordinates “91, 181”",
    "Six,K-6,,,,0,0,GPS,,": "Row 7: the coordinates are 0, 0",
    "Seven,K-7,,,,29.5,,GPS,,": "Row 8: latitude or longitude is missing",
    "Eight,K-8,,,1.38001E+10,,,,,": "Row 9: Phone: Excel has rounded the number to “1.38001E+10”",
    "Nine,K-9,,,,,,,9 km,": "Row 10: the check-in radius is “9 km”, but must be 50 to 5000 metres",
    "Ten,K-0,,,,,,,,Best": "Row 12: the class is “Best”",
    "Eleven,K-0,,,,29.5,106.5,Moon,,": "Row 13: the datum is “Moon”",
    "Again,K-00,,,,,,,,": "Row 14: row 11 has the ID “K-00” already",
}


async def test_every_kind_of_mistake_is_told_with_its_row(registry: Registry, ann: Guest) -> None:
    rows = list(MISTAKES)
    rows.insert(9, "Good,K-00,,,,,,,,")
    said = await registry.send(ann, TITLES + "\n".join(rows))
    assert "1 new" in said
    assert "12 rows with mistakes are left out" in said
    told = list(MISTAKES.values())
    assert [sentence for sentence in told[:10] if sentence not in said] == []
    assert "… and 2 more, all of them in the file above" in said


async def test_a_sheet_of_the_mistakes_can_be_corrected_and_sent_back(registry: Registry, ann: Guest) -> None:
    rows = [f"Shop {number},K-{number},{'ABCDE'[number % 5]},,,,,,," for number in range(60)]
    await registry.send(ann, TITLES + "\n".join(rows))
    (file,) = registry.files
    assert file["name"] == "rows to correct.xlsx"
    sheet = read_sheet(await registry.blobs.read(file["key"]), file["name"])
    assert [row.cells[:4] for row in sheet.rows[1:3]] == [
        (6.0, "the grade is “E”, but must be A, B, C or D", "Shop 4", "K-4"),
        (11.0, "the grade is “E”, but must be A, B, C or D", "Shop 9", "K-9"),
    ]
    assert len(read_customers(sheet.rows, Owners.of([])).problems) == 12


async def test_two_mistakes_in_one_row_are_one_row_left_out(registry: Registry, ann: Guest) -> None:
    said = await registry.send(ann, TITLES + "One,K-1,X,Nobody,,,,,,\nTwo,K-2,,,,,,,,\n")
    assert "1 row with a mistake is left out" in said
    assert said.count("• Row 2") == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.4\n1 0 obj", "It is no list that I can read. Please send xlsx, xls, ods or csv."),
        (b"", "There is nothing in it."),
        (b"PK\x03\x04 broken", "It is damaged. Please open it in Excel or WPS"),
        (b"1,2,3\n4,5,6\n", "I find no line of titles such as Customer name"),
        (b"Name,Grade\n", "There are titles, but no customers below them."),
        (b"Phone,Grade\n1,A\n", "No column is called Customer name"),
        (b"Name,Lat\nA,1\n", "The column Longitude is missing"),
        (b"Name,Shop,Grade\nA,B,C\n", "Two columns mean the same: Name, Shop"),
        (b"Name,Grade\n<b>A</b>,<i>\n", "the grade is “&lt;i&gt;”"),
    ],
)
async def test_a_file_that_is_no_list_is_answered_with_the_way_on(
    registry: Registry, ann: Guest, content: bytes, told: str
) -> None:
    said = await registry.send(ann, content)
    assert told in said
    assert await registry.rows(CUSTOMER) == []
    assert "1 new" in await registry.send(ann, "Name\nHarbour Bakery\n")


async def test_what_a_list_would_change_is_shown_old_and_new(registry: Registry, ann: Guest) -> None:
    bob = await registry.office.member(12, "Bob", "rep")
    await registry.send(ann, GOOD)
    await ann.taps("Import 2")
    await registry.work(ann)
    changed = (
        "Harbour Bakery & Co,K-1,B,Bob,1001,29.51,106.5,Baidu,400,Potential\nOld Town Noodles,K-2,,,,29.5,106.5,GPS,,"
    )
    said = await registry.send(ann, TITLES + changed)
    assert "0 new · 2 changed · 0 unchanged" in said
    for part in (
        "Row 2 · Harbour Bakery: ",
        "Customer name Harbour Bakery → Harbour Bakery &amp; Co",
        "Grade A → B",
        "Customer class Key customer → Potential",
        "Check-in radius 300 m → 400 m",
        "Owner Ann → Bob; … +1",
        "Row 3 · Old Town Noodles: position new",
    ):
        assert part in said
    await ann.taps("Import 2")
    await registry.work(ann)
    first, second = await registry.rows(CUSTOMER)
    assert (first.name, first.grade, first.class_, first.owner_id) == (
        "Harbour Bakery & Co",
        "B",
        "potential",
        bob.person_id,
    )
    assert (second.grade, second.phone, second.datum) == ("B", "1002", "wgs84")


async def test_a_position_that_moves_is_told_in_metres(registry: Registry, ann: Guest) -> None:
    await registry.send(ann, GOOD)
    await ann.taps("Import 2")
    await registry.work(ann)
    said = await registry.send(ann, "Name,ID,Lat,Lng,Datum\nHarbour Bakery,K-1,29.51,106.5,Baidu\n")
    assert "Row 2 · Harbour Bakery: position moves by 1.1 km" in said


async def test_a_position_keeps_the_figures_and_the_datum_that_it_came_in(registry: Registry, ann: Guest) -> None:
    await registry.send(ann, GOOD)
    await ann.taps("Import 2")
    await registry.work(ann)
    baked, noodles = await registry.rows(CUSTOMER)
    assert (baked.given_latitude, baked.given_longitude, baked.datum, baked.position_from) == (
        29.5,
        106.5,
        "bd09",
        "import",
    )
    assert 900 < distance(Point(29.5, 106.5), Point(baked.latitude, baked.longitude)) < 1_300
    assert (noodles.latitude, noodles.datum, noodles.position_from) == (None, None, None)
    assert not baked.is_new
    assert baked.created_by == ann.person_id


async def test_who_imported_what_and_when_is_kept_and_told(registry: Registry, ann: Guest) -> None:
    await registry.send(ann, GOOD)
    await ann.taps("Import 2")
    await registry.work(ann)
    (row,) = await registry.rows(IMPORT)
    assert (row.person_id, row.file_name, row.state, row.applied_at) == (
        ann.person_id,
        "list.csv",
        "applied",
        registry.office.now,
    )
    assert row.counts == {"new": 2, "changed": 0, "unchanged": 0, "bad": 0}
    assert (await registry.blobs.read(row.original)).decode() == GOOD
    assert row.sha256 in row.original
    assert "09:00 · Ann · list.csv · 2 new, 0 changed" in await ann.says("/import")


async def test_customers_of_a_list_can_be_found_and_are_due(registry: Registry, ann: Guest) -> None:
    await registry.send(ann, GOOD)
    await ann.taps("Import 2")
    await registry.work(ann)
    found = await registry.office.database.read(lambda c: search.find(c, "noodl", owners=None, limit=5))
    assert [customer.name for customer in found] == ["Old Town Noodles"]
    days = [(row.due_on - registry.office.now.date()).days for row in await registry.rows(CUSTOMER)]
    assert days == [7, 14]


@pytest.mark.parametrize(("language", "title"), [("en", "Customer name"), ("zh_Hans", "客户名称")])
async def test_the_template_is_a_list_of_every_column_in_the_readers_language(
    registry: Registry, language: str, title: str
) -> None:
    admin = await registry.office.member(13, "Lin", language=language)
    await admin.says("/import")
    await registry.work(admin)
    (file,) = registry.files
    sheet = read_sheet(await registry.blobs.read(file["key"]), "x.xlsx")
    assert sheet.rows[0].cells[0] == title
    filled = (*sheet.rows, Row(2, ("Harbour Bakery", "K-1", "A")))
    reading = read_customers(filled, Owners.of([]))
    assert (reading.problems, reading.ignored) == ((), ())
    assert len(sheet.rows) == 1  # an example would be imported by whoever forgets to delete it
    assert len(sheet.rows[0].cells) == 17


# --- who may ----------------------------------------------------------------------------------


async def test_only_an_admin_imports(registry: Registry) -> None:
    rep = await registry.office.member(14, "Rae", "rep")
    assert "Only an admin can do this" in await rep.says("/import")
    await registry.send(rep, GOOD)
    assert await registry.rows(IMPORT) == []


@pytest.mark.parametrize("when", ["before the preview", "before the confirmation"])
async def test_who_is_no_admin_any_more_imports_nothing(registry: Registry, ann: Guest, when: str) -> None:
    if when == "before the preview":
        registry.post.sent["f"] = GOOD.encode()
        await ann.says("/import")
        await ann.gives(Uploaded("f", "f", "list.csv", 10))
        await registry.office.change_person(ann, roles="rep")
        await registry.work(ann)
        assert ann.labels == []
    else:
        await registry.send(ann, GOOD)
        await registry.office.change_person(ann, roles="rep")
        message_id, data = ann.button("Import 2")
        await ann.taps_data(message_id, data)
        assert "Only an admin can do this" in ann.last
        await registry.work(ann)
    assert await registry.rows(CUSTOMER) == []
    assert [row.state for row in await registry.rows(IMPORT)] == ["dropped"]
