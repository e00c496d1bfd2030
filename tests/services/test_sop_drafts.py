"""Checklists are drafted by several admins, published once, taken up again and withdrawn, on both databases."""

import re

import pytest
from desk_talk import Guest, Office
from sqlalchemy import Connection

from bot.domain.conversation import Located, Photographed, Pressed
from bot.domain.geography import Point
from bot.domain.sop import Item, Kind, Sop
from bot.rendering import pressed
from storage import customers, sop_drafts, sops
from storage.database import Database
from storage.tables import AuditRow, VisitRow, table

ROUND = Sop(
    "round",
    {"en": "Round"},
    (
        Item("open", Kind.YES_NO, {"en": "Is it open?"}),
        Item("stock", Kind.NUMBER, {"en": "Stock"}),
        Item("mood", Kind.TEXT, {"en": "Mood"}),
    ),
)
OTHER = Sop("other", {"en": "Other"}, (Item("what", Kind.TEXT, {"en": "What"}),))


@pytest.fixture
async def office(database: Database) -> Office:
    office = Office(database)
    for sop in (ROUND, OTHER):
        await database.write(lambda connection, sop=sop: sops.publish(connection, sop, office.now))
    return office


async def at_round(office: Office, telegram_id: int = 1, name: str = "Ada") -> Guest:
    """An admin who has the round open."""
    admin = await office.member(telegram_id, name)
    await admin.says("/sop")
    await admin.taps("Round")
    return admin


async def drafted(office: Office) -> list[str]:
    draft = await office.database.read(lambda connection: sop_drafts.find(connection, "round"))
    return [item.id for item in draft.sop.items] if draft is not None else []


async def newest(office: Office) -> sops.Version:
    version = await office.database.read(lambda connection: sops.find_newest(connection, "round"))
    assert version is not None
    return version


async def test_looking_at_a_checklist_drafts_nothing(office: Office) -> None:
    ada = await at_round(office)
    await ada.taps("2")
    await ada.taps("All items")
    assert await drafted(office) == []
    assert "a draft begins" in ada.last


@pytest.mark.parametrize("words", ["hello", "你好！", "How do I add a photo?", "publish", "怎么改顺序"])
async def test_what_reads_like_no_item_becomes_one_only_when_asked(office: Office, words: str) -> None:
    ada = await at_round(office)
    assert "I have not added it" in await ada.says(words)
    assert await drafted(office) == []
    await ada.says("Is the new product listed?")
    assert len(await drafted(office)) == 4, "a question that a rep answers is an item"


async def test_a_word_that_read_like_no_item_is_added_by_a_tap(office: Office) -> None:
    ada = await at_round(office)
    await ada.says("test")
    assert "Added" in await ada.taps("Add it as an item")
    assert await drafted(office) == ["open", "stock", "mood", "test"]


async def test_what_a_colleague_changed_is_not_overwritten_unseen(office: Office) -> None:
    ada, bea = await at_round(office), await at_round(office, 2, "Bea")
    await ada.taps("3")
    await bea.taps("2")
    await bea.taps("Delete")
    await ada.taps("Delete")
    assert "Bea has changed this checklist meanwhile" in ada.screen[ada.newest - 1].text
    assert await drafted(office) == ["open", "mood"], "only what Bea did"
    await ada.taps("Delete")
    assert await drafted(office) == ["open"], "he has seen it now"


async def test_what_is_only_added_is_kept_beside_a_colleagues_change(office: Office) -> None:
    ada, bea = await at_round(office), await at_round(office, 2, "Bea")
    await bea.says("Photo of the shelf")
    assert "Added" in await ada.says("Price; money")
    assert await drafted(office) == ["open", "stock", "mood", "photo_of_the_shelf", "price"]


@pytest.mark.parametrize("role", ["rep", "manager"])
async def test_nobody_but_an_admin_sees_the_checklists(office: Office, role: str) -> None:
    other = await office.member(5, "Cleo", role)
    assert "Checklists" not in await other.says("/sop")
    assert "Round" not in " ".join(other.labels)
    ada = await at_round(office)
    _, data = ada.button("Title")
    await other.gives(_tap(data, other.newest))
    assert "new title" not in other.last


def _tap(data: str, message_id: int) -> Pressed:
    read = pressed(data)
    assert read is not None
    return Pressed(*read, message_id)


async def test_a_role_taken_away_works_at_the_next_tap_and_word(office: Office) -> None:
    ada = await at_round(office)
    await office.change_person(ada, roles="rep")
    await ada.taps("Stop using")
    await ada.says("Price; money")
    assert await drafted(office) == []


async def test_a_deleted_item_is_put_back_where_it_was(office: Office) -> None:
    ada = await at_round(office)
    await ada.taps("2")
    await ada.taps("Delete")
    assert "Deleted: Stock" in ada.last and await drafted(office) == ["open", "mood"]
    await ada.taps("Put it back")
    assert await drafted(office) == ["open", "stock", "mood"]
    assert not [label for label in ada.labels if "Put it back" in label]


async def test_everything_about_an_item_is_changed_by_buttons_and_words(office: Office) -> None:
    ada = await at_round(office)
    await ada.taps("3")
    await ada.taps("Kind")
    await ada.taps("Several of")
    assert "answers to choose from" in ada.last
    await ada.says("calm / 平静, cross / 生气, glad")
    await ada.taps("How many at least")
    await ada.says("2")
    await ada.taps("Make it optional")
    await ada.taps("Condition")
    await ada.says("1 = yes and stock > 3")
    await ada.taps("Hint")
    await ada.says("By his face")
    await ada.taps("Leave it out")
    await ada.taps("Title")
    await ada.says("His mood")
    await ada.says("客户心情")
    await ada.taps("Once per")
    await ada.says("Person")
    await ada.taps("↑")
    await ada.taps("Move to")
    await ada.says("3")
    await ada.taps("All items")
    await ada.taps("Publish")
    await ada.taps("Publish now")
    version = await newest(office)
    mood = version.sop.items[2]
    assert (mood.id, mood.kind, mood.minimum, mood.required) == ("mood", Kind.SEVERAL_OF, 2, False)
    assert mood.title == {"en": "His mood", "zh_Hans": "客户心情"}
    assert mood.choices[0].label == {"en": "calm", "zh_Hans": "平静"}
    assert (mood.when, mood.hint, mood.group) == ("open = yes and stock > 3", {"en": "By his face"}, "person")
    assert version.sop.groups[0].open


async def test_what_an_item_has_is_taken_away_again(office: Office) -> None:
    ada = await at_round(office)
    await ada.taps("2")
    await ada.says("if 1 = yes; 0-9; pieces; check it > 1: Few; per shop: North, South; hint: look")
    for asks, away in (("Condition", "Ask it always"), ("Hint", "No hint"), ("Unit", "No unit"), ("Checks", "🗑 1")):
        await ada.taps(asks)
        await ada.taps(away)
    await ada.taps("Once per")
    await ada.taps("Only once")
    draft = await office.database.read(lambda connection: sop_drafts.find(connection, "round"))
    assert draft is not None and draft.sop == ROUND


async def test_a_draft_with_mistakes_is_not_published_and_each_is_told(office: Office) -> None:
    ada = await at_round(office)
    await ada.taps("3")
    await ada.taps("Condition")
    await ada.says("2 > 3")
    await ada.taps("↑")
    await ada.taps("All items")
    told = await ada.taps("Publish")
    assert "cannot be published yet" in told and re.search(r"2\..*“Stock” is asked later", told)
    await ada.taps("Mend 2")
    await ada.taps("↓")
    await ada.taps("All items")
    assert "as version 2" in await ada.taps("Publish")


async def test_a_second_tap_publishes_nothing_twice(office: Office) -> None:
    ada = await at_round(office)
    await ada.says("Price; money")
    await ada.taps("Publish")
    message, data = ada.button("Publish now")
    await ada.taps_data(message, data)
    await ada.taps_data(message, data)
    version = await newest(office)
    assert (version.number, version.by, await drafted(office)) == (2, "Ada", [])


async def test_the_history_tells_who_and_what_and_an_old_version_is_taken_up(office: Office) -> None:
    ada = await at_round(office)
    await ada.says("Price; money")
    await ada.taps("Publish")
    await ada.taps("Publish now")
    await ada.taps("Open it again")
    told = await ada.taps("Versions")
    assert "Ada" in told and "came with Rounds" in told
    assert "➕ 4. Price" in await ada.taps("Version 2")
    await ada.taps("← Versions")
    await ada.taps("Version 1")
    assert "🗑 4. Price" in await ada.taps("Against 2")
    await ada.taps("Take it up")
    assert await drafted(office) == ["open", "stock", "mood"]
    await ada.says("Smell")
    await ada.taps("All items")
    await ada.taps("Versions")
    await ada.taps("Version 2")
    assert "Let version 2 take its place?" in await ada.taps("Take it up")
    await ada.taps("take its place")
    assert await drafted(office) == ["open", "stock", "mood", "price"]


async def test_a_long_checklist_is_opened_by_pages(office: Office) -> None:
    ada = await at_round(office)
    await ada.says("\n".join(f"Shelf {number}; text" for number in range(1, 25)))
    await ada.taps("All items")
    assert "27. " in ada.last and "<b>1. " not in ada.last, "where the new ones are"
    await ada.taps("‹ 1")
    assert "<b>20. " in ada.last and "<b>21. " not in ada.last
    await ada.taps("20")
    assert "Shelf 17" in ada.last


async def test_a_withdrawn_type_is_offered_no_more_until_it_is_used_again(office: Office) -> None:
    ada = await at_round(office)
    await ada.taps("Stop using")
    await ada.taps("Stop using")
    assert await office.database.read(sops.list_types) == [("other", {"en": "Other"})]
    assert "Not in use since" in ada.last
    await ada.taps("Use it again")
    assert ("round", {"en": "Round"}) in await office.database.read(sops.list_types)


async def test_the_last_checklist_in_use_stays(office: Office) -> None:
    ada = await at_round(office)
    await ada.taps("Stop using")
    await ada.taps("Stop using")
    await ada.says("/sop")
    await ada.taps("Other")
    await ada.taps("Stop using")
    assert "only checklist in use" in ada.screen[ada.newest - 1].text


@pytest.mark.parametrize(("choice", "state"), [("Let them finish", "open"), ("End them", "cancelled")])
async def test_withdrawing_asks_what_becomes_of_open_visits(office: Office, choice: str, state: str) -> None:
    emma = await office.member(7, "Emma", "rep")
    await _visits(office, emma)
    ada = await at_round(office)
    assert "1 visit is open with it" in await ada.taps("Stop using")
    await ada.taps(choice)
    rows = await office.database.read(lambda connection: list(connection.execute(table(VisitRow).select())))
    assert [row.state for row in rows] == [state]
    assert ("Ada has stopped using" in emma.last) == (state == "cancelled")
    assert ("round", {"en": "Round"}) not in await office.database.read(sops.list_types)


async def test_a_check_in_whose_type_is_withdrawn_goes_on_with_another(office: Office) -> None:
    emma = await office.member(7, "Emma", "rep")
    await _sets_out(office, emma)
    ada = await at_round(office)
    await ada.taps("Stop using")
    await ada.taps("Stop using")
    await emma.taps("Harbour Bakery")
    assert "was withdrawn meanwhile" in emma.last and emma.labels == ["Other"]
    await emma.taps("Other")
    rows = await office.database.read(lambda connection: list(connection.execute(table(VisitRow).select())))
    assert [(row.type, row.purpose, row.arrival) for row in rows] == [("other", "relationship", "inside")]


async def _visits(office: Office, rep: Guest) -> None:
    """The rep is on a visit of the round."""
    await _sets_out(office, rep)
    await rep.taps("Harbour Bakery")


async def _sets_out(office: Office, rep: Guest) -> None:
    """The rep is about to check in for a round."""

    def store(connection: Connection) -> None:
        values = {"latitude": 29.561, "longitude": 106.577, "grade": "A", "position_from": "import"}
        customers.add(connection, name="Harbour Bakery", created_at=office.now, **values)

    await office.database.write(store)
    await rep.says("/visit")
    if "Round" not in " ".join(rep.labels):
        await rep.taps("change")
        await rep.taps("Round")
    await rep.taps("Relationship")
    await rep.gives(Located(Point(29.561, 106.577), 15.0))


async def test_a_dropped_draft_leaves_what_is_in_force(office: Office) -> None:
    ada = await at_round(office)
    await ada.says("Price; money")
    await ada.taps("All items")
    await ada.taps("Drop the draft")
    await ada.taps("Yes, drop it")
    assert await drafted(office) == []
    assert (await newest(office)).sop == ROUND


async def test_a_trial_in_order_goes_in_order_and_stores_nothing(office: Office) -> None:
    ada = await at_round(office)
    await ada.taps("In order")
    await ada.taps("Try it")
    await ada.says("12")
    assert "Is it open?" in ada.last, "the first one is asked before all others"
    await ada.taps("Yes")
    await ada.says("12")
    await ada.says("calm")
    assert "Nothing was stored" in ada.last
    assert await office.database.read(lambda connection: list(connection.execute(table(VisitRow).select()))) == []


async def test_a_trial_says_that_it_reads_no_codes_from_photos(office: Office) -> None:
    ada = await at_round(office)
    await ada.says("Bar code of the shelf; code")
    await ada.taps("Try it")
    await ada.taps("4")
    await ada.gives(Photographed("f", "u", 1000))
    assert any("In a trial no photo is read" in said.text for said in ada.screen.values())


async def test_a_draft_that_a_colleague_dropped_is_left_alone(office: Office) -> None:
    ada, bea = await office.member(1, "Ada"), await office.member(2, "Bea")
    await ada.says("/sop")
    await ada.taps("New checklist")
    await ada.says("Fridge")
    await bea.says("/sop")
    await bea.taps("Fridge")
    await bea.taps("Drop the draft")
    await bea.taps("Yes, drop it")
    assert "A colleague has dropped this draft" in await ada.says("Price; money")
    await ada.says("Harbour")
    assert "dropped" not in ada.last, "what he types belongs elsewhere now"


async def test_what_is_typed_after_leaving_is_no_item(office: Office) -> None:
    ada = await at_round(office)
    await ada.taps("All checklists")
    await ada.says("Harbour Bakery")
    assert await drafted(office) == []


async def test_publishing_and_withdrawing_are_audited(office: Office) -> None:
    ada = await at_round(office)
    await ada.says("Price; money")
    await ada.taps("Publish")
    await ada.taps("Publish now")
    await ada.taps("Open it again")
    await ada.taps("Stop using")
    await ada.taps("Stop using")
    rows = await office.database.read(lambda connection: list(connection.execute(table(AuditRow).select())))
    assert [(row.what, row.subject, row.new) for row in rows] == [
        ("published", "sop:round", 2),
        ("withdrawn", "sop:round", None),
    ]
