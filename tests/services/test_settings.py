"""An admin reads and changes the company's rules: typed, by buttons, and back again."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, time
from html import unescape
from typing import Any

import pytest
from desk_talk import Guest, Office
from sqlalchemy import select

from bot.domain.conversation import Unexpected
from bot.domain.policy import Area, Policy
from bot.services import reminders
from storage import people, policies
from storage.database import Database
from storage.tables import JobRow, table


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    yield Office(database)


@pytest.fixture
async def ann(office: Office) -> Guest:
    return await office.member(11, "Ann")


async def in_force(office: Office) -> Policy:
    return Policy.of(await office.database.read(policies.in_force))


async def changes(office: Office) -> Sequence[Any]:
    return await office.database.read(policies.list_changes)


# --- typed ------------------------------------------------------------------------------------


async def test_a_typed_value_is_stored_and_told_with_the_old_one(office: Office, ann: Guest) -> None:
    said = await ann.says("/set fence.radius 150")
    assert "<b>Check-in radius</b>: 200 m → <b>150 m</b>. This holds from now on." in said
    assert (await in_force(office)).fence_radius == 150
    (change,) = await changes(office)
    assert (change.key, change.old, change.new, change.name) == ("fence.radius", None, "150", "Ann")
    assert change.changed_at == office.now


@pytest.mark.parametrize("typed", ["Fence-Radius=150 m", "fence_radius: 150", "FENCE.RADIUS 0.15km"])
async def test_a_key_is_understood_whatever_stands_between_its_words(office: Office, ann: Guest, typed: str) -> None:
    await ann.says(f"/set {typed}")
    assert (await in_force(office)).fence_radius == 150


async def test_a_change_holds_at_the_next_update_of_everybody(office: Office, ann: Guest) -> None:
    bob = await office.member(12, "Bob")
    await ann.says("/set fence.radius 150")
    assert "150 m" in await bob.says("/settings fence.radius")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("fence.radius 20", "must be at least 50 m, and at most 5,000 m"),
        ("fence.radius 90 km", "must be at most 5,000 m, and at least 50 m"),
        ("fence.radius 10 min", "“10 min” is not in a unit"),
        ("fence.radius far", "I cannot read “far”"),
        ("cadence.a 36 h", "“36 h” is no whole number"),
        ("digest.at 25:00", "There is no such time as “25:00”"),
        ("work.days sometimes", "Mon–Fri or Mon, Wed, Sat (at least one day)"),
        ("effective.needs_stay perhaps", "on or off"),
        ("fence.radius <b>1</b>", "“&lt;b&gt;1&lt;/b&gt;”"),
    ],
)
async def test_a_wrong_value_is_answered_with_what_is_right(office: Office, ann: Guest, typed: str, told: str) -> None:
    assert told in await ann.says(f"/set {typed}")
    assert not await changes(office)


async def test_an_unknown_key_brings_the_nearest_ones(ann: Guest) -> None:
    said = await ann.says("/set fence.radios 150")
    assert "I know no rule called <code>fence.radios</code>" in said
    assert ann.labels[0] == "Check-in radius: 200 m"
    await ann.taps("Check-in radius")
    assert "Default 200 m" in ann.last


async def test_a_key_like_no_other_is_answered_with_the_whole_list(ann: Guest) -> None:
    assert "/settings lists them all" in await ann.says("/set 天气 好")
    assert not ann.labels


async def test_the_same_value_changes_nothing_and_says_so(office: Office, ann: Guest) -> None:
    assert "is 200 m already" in await ann.says("/set fence.radius 200")
    assert not await changes(office)


async def test_set_alone_explains_itself_and_with_a_key_shows_its_card(ann: Guest) -> None:
    assert "/set fence.radius 150" in await ann.says("/set")
    assert "Default 19:00, allowed from 00:00 to 23:59." in await ann.says("/set digest.at")


async def test_the_word_default_brings_the_default_back(office: Office, ann: Guest) -> None:
    await ann.says("/set digest.at 18:30")
    assert "18:30 → <b>19:00</b>" in await ann.says("/set digest.at default")
    newest, _ = await changes(office)
    assert (newest.old, newest.new) == ("18:30", None)


async def test_only_an_admin_may_look_at_and_change_the_rules(office: Office) -> None:
    rep = await office.member(21, "Rae", "rep,manager")
    for command in ("/settings", "/set fence.radius 150", "/set", "/undo"):
        assert "Only an admin can do this" in await rep.says(command)
    assert not await changes(office)


async def test_a_role_taken_away_works_at_the_next_tap(office: Office, ann: Guest) -> None:
    await ann.says("/settings fence.radius")
    await office.change_person(ann, roles="rep")
    await ann.taps("150 m")
    assert "Only an admin can do this" in ann.last
    assert not await changes(office)


async def test_a_role_taken_away_while_a_value_is_typed_ends_the_question(office: Office, ann: Guest) -> None:
    await ann.says("/settings fence.radius")
    await ann.taps("Type a value")
    await office.change_person(ann, roles="rep")
    assert "Only an admin can do this" in await ann.says("150")
    assert "There is nothing to cancel" in await ann.says("/cancel")
    assert not await changes(office)


# --- undone -----------------------------------------------------------------------------------


async def test_undo_takes_the_last_change_back_and_once_more_puts_it_back(office: Office, ann: Guest) -> None:
    await ann.says("/set fence.radius 150")
    assert "Undone. <b>Check-in radius</b>: 150 m → <b>200 m</b>" in await ann.says("/undo")
    assert (await in_force(office)).fence_radius == 200
    undo, change = await changes(office)
    assert (undo.undoes, undo.old, undo.new) == (change.id, "150", None)
    assert "200 m → <b>150 m</b>" in await ann.says("/undo")
    assert (await in_force(office)).fence_radius == 150


async def test_the_button_below_a_change_undoes_that_change_once(office: Office, ann: Guest) -> None:
    await ann.says("/set fence.radius 150")
    button = ann.button("Undo")
    await ann.taps_data(*button)
    assert "150 m → <b>200 m</b>" in ann.last
    await ann.taps_data(*button)
    assert "That is undone already" in ann.last
    assert len(await changes(office)) == 2


async def test_undo_is_about_ones_own_change_not_about_a_colleagues(office: Office, ann: Guest) -> None:
    bob = await office.member(12, "Bob")
    await ann.says("/set fence.radius 150")
    await bob.says("/set digest.at 18:00")
    assert "Check-in radius" in await ann.says("/undo")
    assert (await in_force(office)).digest_at == time(18)


async def test_what_a_colleague_changed_since_is_not_undone_and_he_is_named(office: Office, ann: Guest) -> None:
    bob = await office.member(12, "Bob")
    await ann.says("/set fence.radius 150")
    office.pass_time(hours=1)
    await bob.says("/set fence.radius 300")
    said = await ann.says("/undo")
    assert "Bob has changed <b>Check-in radius</b> since, to 300 m (10:00)" in said
    assert (await in_force(office)).fence_radius == 300


async def test_without_a_change_there_is_nothing_to_undo(ann: Guest) -> None:
    assert "You have not changed any rule yet" in await ann.says("/undo")


# --- by buttons -------------------------------------------------------------------------------


async def test_every_rule_is_reached_by_buttons_with_its_meaning_value_and_default(ann: Guest) -> None:
    await ann.says("/settings")
    areas = ann.labels
    assert len(areas) == len(Area)
    for area in areas:
        assert "default" in await ann.taps(area)
        for label in [label for label in ann.labels if not label.startswith("←")]:
            card = await ann.taps(label)
            assert label.split(": ")[0] in unescape(card)
            assert "Default " in card and "<code>/set " in card
            await ann.taps("← Back")
        await ann.taps("← All rules")
    assert len(ann.screen) == 1, "all of it in one message, edited in place"


async def test_a_card_changes_by_steps_and_tells_who_did_it(office: Office, ann: Guest) -> None:
    bob = await office.member(12, "Bob")
    await bob.says("/set fence.radius 300")
    await ann.says("/settings fence.radius")
    assert ann.labels[:4] == ["150 m", "200 m", "500 m", "1,000 m"]
    card = await ann.taps("500 m")
    assert "Check-in radius: 500 m" in card
    assert "09:00 · you · 300 m → 500 m\n09:00 · Bob · 200 m → 300 m" in card
    assert (await in_force(office)).fence_radius == 500


async def test_a_second_tap_changes_nothing_more(office: Office, ann: Guest) -> None:
    await ann.says("/settings fence.radius")
    button = ann.button("150 m")
    await ann.taps_data(*button)
    await ann.taps_data(*button)
    assert len(await changes(office)) == 1
    assert len(ann.screen) == 1


async def test_a_card_that_is_out_of_date_changes_nothing_and_shows_what_holds(office: Office, ann: Guest) -> None:
    bob = await office.member(12, "Bob")
    await ann.says("/settings fence.radius")
    await bob.says("/set fence.radius 300")
    card = await ann.taps("150 m")
    said = [message.text for message in ann.screen.values()]
    assert any("Bob set <b>Check-in radius</b> to 300 m since" in text for text in said)
    assert "Check-in radius: 300 m" in card
    assert (await in_force(office)).fence_radius == 300


async def test_working_days_are_toggled_and_the_last_one_stays(office: Office, ann: Guest) -> None:
    await ann.says("/settings work.days")
    assert ann.labels[:7] == ["✓ Mon", "✓ Tue", "✓ Wed", "✓ Thu", "✓ Fri", "Sat", "Sun"]
    assert "Working days: Mon–Sat" in await ann.taps("Sat")
    for day in ("Mon", "Tue", "Wed", "Thu", "Sat"):
        await ann.taps(day)
    assert (await in_force(office)).work_days == {5}
    await ann.taps("Fri")
    assert "at least one day" in ann.last
    assert (await in_force(office)).work_days == {5}


async def test_what_may_be_chosen_is_named_where_no_button_is(ann: Guest) -> None:
    card = await ann.says("/set evidence.level")
    assert ann.labels[:4] == ["E1", "E2", "E3", "E4"]
    assert "✏️ Type a value" not in ann.labels
    assert "E0" in card
    assert "like this: E0, E1, E2, E3, E4." in await ann.says("/set evidence.level high")


async def test_a_flag_has_one_button_and_back_to_default_undoes_it(office: Office, ann: Guest) -> None:
    await ann.says("/settings effective.needs_stay")
    assert ann.labels == ["Turn off", "👥 For some only…", "← Back"]
    assert "Effective needs minimum stay: off" in await ann.taps("Turn off")
    assert not (await in_force(office)).effective_needs_stay
    assert "Effective needs minimum stay: on" in await ann.taps("Back to default")
    assert (await in_force(office)).effective_needs_stay


async def test_the_last_change_is_undone_on_the_card_whoever_made_it(office: Office, ann: Guest) -> None:
    bob = await office.member(12, "Bob")
    await bob.says("/set fence.radius 300")
    await ann.says("/settings fence.radius")
    assert "you · 300 m → 200 m ↩️" in await ann.taps("Undo last change")


async def test_a_value_is_typed_after_a_tap_and_a_wrong_one_is_asked_again(office: Office, ann: Guest) -> None:
    await ann.says("/settings digest.at")
    await ann.taps("Type a value")
    assert "What shall it be? Please type it." in ann.last
    assert "What shall it be?" in await ann.says("later")
    assert any("I cannot read “later”" in message.text for message in ann.screen.values())
    assert "What shall it be?" in await ann.gives(Unexpected("sticker"))
    assert "19:00 → <b>18:30</b>" in await ann.says("6:30 pm")
    assert (await in_force(office)).digest_at == time(18, 30)
    assert "I know no rule" not in await ann.says("6:45 pm"), "the question is closed"


async def test_leaving_the_typed_value_keeps_the_old_one(office: Office, ann: Guest) -> None:
    await ann.says("/settings digest.at")
    await ann.taps("Type a value")
    await ann.taps("Leave it as it is")
    assert "Manager's digest: 19:00" in unescape(ann.last)
    await ann.taps("Type a value")
    assert "Nothing was changed" in await ann.says("/cancel")
    assert not await changes(office)


async def test_a_change_of_the_rhythm_has_due_days_counted_anew(office: Office, ann: Guest) -> None:
    assert "due days are being counted anew" in await ann.says("/set cadence.a 10")
    await ann.says("/set fence.radius 150")
    await ann.says("/set work.days mon-sat")
    kinds = await office.database.read(lambda connection: list(connection.execute(select(table(JobRow).c.kind))))
    assert [kind for (kind,) in kinds] == ["due_dates", "due_dates"]


async def test_a_stored_value_that_this_release_refuses_is_shown_as_such(office: Office, ann: Guest) -> None:
    def store(connection: Any) -> None:
        policies.record(connection, key="fence.radius", old=None, new="9000", by=ann.person_id, at=office.now)

    await office.database.write(store)
    assert "⚠️" in await ann.says("/settings")
    assert "The stored value 9,000 m is no longer allowed, so the default holds." in await ann.says(
        "/settings fence.radius"
    )
    assert "Check-in radius: 200 m" in await ann.taps("Back to default")
    assert (await in_force(office)).ignored == ()


async def test_an_admin_who_speaks_chinese_reads_and_types_chinese(office: Office) -> None:
    wang = await office.member(13, "王芳", language="zh_Hans")
    assert "公司规则" in await wang.says("/settings")
    assert "<b>签到半径</b>：200 米 → <b>150 米</b>，即刻生效。" in await wang.says("/set fence.radius 150米")
    assert "周一至周六" in await wang.says("/set work.days 周一到周六")
    assert "不能低于 50 米" in await wang.says("/set fence.radius 10")


async def test_two_admins_at_the_same_moment_each_write_down_what_the_other_left(office: Office, ann: Guest) -> None:
    bob = await office.member(12, "Bob")
    values = [110, 120, 130, 140, 150, 160]

    async def sets(admin: Guest, own: list[int]) -> None:
        for value in own:
            await admin.says(f"/set fence.radius {value}")

    await asyncio.gather(sets(ann, values[::2]), sets(bob, values[1::2]))
    kept = list(reversed(await changes(office)))
    assert sorted(change.new for change in kept) == [str(value) for value in values]
    assert [change.old for change in kept] == [None, *(change.new for change in kept[:-1])]


async def test_a_new_time_of_the_digest_holds_for_todays_digest(office: Office, ann: Guest) -> None:
    manager = await office.member(31, "Max", "manager")
    await office.desk.act("tick:1", reminders.tick)
    await ann.says("/set digest.at 18:30")
    row = await office.database.read(lambda connection: people.get_row(connection, manager.person_id))
    assert row.digest_due_at == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    await ann.says("/undo")
    row = await office.database.read(lambda connection: people.get_row(connection, manager.person_id))
    assert row.digest_due_at == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
