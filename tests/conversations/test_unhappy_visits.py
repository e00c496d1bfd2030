"""What goes wrong on a visit: each gets a sentence, a way on, and nothing is lost."""

from typing import Any

from company import BANK, answers_given, answers_the_checklist, at_review, checked_in, with_customer
from scene import Scene, picture, readable

from storage import jobs, visits
from storage.tables import AnswerRow, PhotoRow, VisitRow, table

ANSWERS, PHOTOS, VISITS = table(AnswerRow), table(PhotoRow), table(VisitRow)


async def test_a_double_tap_answers_once(scene: Scene, kept: Any) -> None:
    rep = await checked_in(scene)
    question = next(m for m in reversed((await rep.chat())["messages"]) if "Yes" in str(m.get("reply_markup")))
    data = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    scene.transcript.clear()
    await rep.taps(question["message_id"], data)
    await rep.taps(question["message_id"], data, stale=True)
    kept("double_tap_en", readable(scene.transcript))
    assert [(row.item, row.value) for row in await scene.rows(ANSWERS.select())] == [("listed", True)]


async def test_a_thumb_that_slips_is_not_told_off(scene: Scene) -> None:
    await with_customer(scene)
    rep = await scene.play("Emma")
    await rep.joins("rep")
    await rep.presses("Start a visit")
    asked = (await rep.chat())["messages"][-1]["message_id"]
    await rep.taps(asked, "checkin:0:1000:purpose-first")
    told = len((await rep.chat())["messages"])
    await rep.does("tap", message_id=asked, forged="checkin:0:1000:purpose-first")
    assert len((await rep.chat())["messages"]) == told, "the first tap's question stands, and nothing is said twice"
    await rep.stands_at(*BANK)
    assert "which customer" in (await rep.last()).lower(), "the second tap took nothing from the visit"


async def test_the_same_button_later_is_one_from_before(scene: Scene) -> None:
    await with_customer(scene)
    rep = await scene.play("Emma")
    await rep.joins("rep")
    await rep.presses("Start a visit")
    asked = (await rep.chat())["messages"][-1]["message_id"]
    await rep.taps(asked, "checkin:0:1000:purpose-first")
    await scene.pass_time(seconds=3)
    await rep.does("tap", message_id=asked, forged="checkin:0:1000:purpose-first")
    assert "things have moved on" in await rep.all_text()


async def test_an_old_button_shows_where_we_are(scene: Scene, kept: Any) -> None:
    rep = await checked_in(scene)
    purpose = next(m for m in (await rep.chat())["messages"] if "which" in str(m).lower() or m.get("reply_markup"))
    await rep.presses("Yes")
    scene.transcript.clear()
    await rep.taps(purpose["message_id"], "checkin:0:1000:purpose-first", stale=True)
    kept("old_button_en", readable(scene.transcript))
    assert "Photo of our display" in await rep.last()


async def test_forged_buttons_change_nothing(scene: Scene) -> None:
    rep = await checked_in(scene)
    card = (await rep.chat())["messages"][-2]["message_id"]
    for forged in ("visit:99:1:send", "nonsense", "visit:1:0:cancel-yes", "customers:999:0:open", "::", "visit:1:x:y"):
        await rep.does("tap", message_id=card, forged=forged)
    assert "things have moved on" in await rep.all_text()
    assert (await scene.rows(VISITS.select()))[0].state == "open"


async def test_another_reps_buttons_do_not_work_for_me(scene: Scene) -> None:
    await checked_in(scene)
    other = await scene.play("Ben")
    await other.joins("rep")
    menu = (await other.chat())["messages"][-1]["message_id"]
    await other.does("tap", message_id=menu, forged="visit:1:2000:cancel-yes")
    assert (await scene.rows(VISITS.select()))[0].state == "open"


async def test_a_sticker_a_voice_message_and_an_edit_get_a_word_and_the_question_again(scene: Scene, kept: Any) -> None:
    rep = await checked_in(scene)
    scene.transcript.clear()
    await rep.does("send", sticker={})
    await rep.presses("Yes")
    await rep.sends_photo(picture(seed=3))
    await rep.says("24")
    typed = next(m for m in reversed((await rep.chat())["messages"]) if m.get("text") == "24")
    await rep.does("edit", message_id=typed["message_id"], text="42")
    kept("strange_things_en", readable(scene.transcript))
    assert (await answers_given(scene))["stock"] == 24


async def test_a_number_out_of_bounds_is_asked_again(scene: Scene, kept: Any) -> None:
    rep = await checked_in(scene)
    await rep.presses("Yes")
    await rep.sends_photo(picture(seed=4))
    scene.transcript.clear()
    await rep.says("100000")
    await rep.says("many")
    await rep.says("２４")
    kept("bounds_en", readable(scene.transcript))
    assert (await answers_given(scene))["stock"] == 24


async def test_a_number_or_photo_that_comes_early_is_filed_where_it_is_wanted(scene: Scene, kept: Any) -> None:
    rep = await checked_in(scene)
    scene.transcript.clear()
    await rep.sends_photo(picture(seed=5))
    await rep.says("12")
    await rep.presses("Stock count")
    kept("out_of_order_en", readable(scene.transcript))
    assert await answers_given(scene) == {"stock": 12}
    assert [row.item for row in await scene.rows(PHOTOS.select())] == ["display"]


async def test_a_broken_photo_is_asked_for_again_and_the_visit_stays_open(scene: Scene, kept: Any) -> None:
    rep = await checked_in(scene)
    await rep.presses("Yes")
    scene.transcript.clear()
    await rep.sends_photo(picture(seed=6)[:2000], as_document=True)
    await rep.sends_photo(picture(seed=6))
    kept("broken_photo_en", readable(scene.transcript))
    assert sorted(row.state for row in await scene.rows(PHOTOS.select())) == ["broken", "kept"]


async def test_an_album_is_filed_photo_by_photo_and_acknowledged_once(scene: Scene, kept: Any) -> None:
    rep = await checked_in(scene)
    await rep.presses("Yes")
    scene.transcript.clear()
    await rep.sends_photo(picture(seed=7), picture(seed=8), picture(seed=9))
    assert [row.state for row in await scene.rows(PHOTOS.select())] == ["kept"] * 3
    pictures = [m for m in (await rep.chat())["messages"] if "photo" in m and not m["outgoing"]]
    assert len(pictures) == 3
    assert sum("3 photos kept" in str(m.get("caption")) for m in pictures) == 1
    questions = [m for m in (await rep.chat())["messages"] if "Stock count" in m.get("text", "") and "3." in m["text"]]
    assert len(questions) == 2  # the card, and one question


async def test_cancel_asks_first_and_a_second_visit_waits_for_the_open_one(scene: Scene, kept: Any) -> None:
    rep = await checked_in(scene)
    scene.transcript.clear()
    await rep.says("/visit")
    await rep.says("/cancel")
    await rep.presses("No, go on")
    await rep.says("/cancel")
    await rep.presses("Yes, give it up")
    await rep.says("/cancel")
    kept("cancel_en", readable(scene.transcript))
    assert (await scene.rows(VISITS.select()))[0].state == "cancelled"


async def test_a_forgotten_visit_is_closed_with_an_unknown_stay_and_can_still_be_reported(
    scene: Scene, kept: Any
) -> None:
    rep = await checked_in(scene, store_check=False)
    scene.transcript.clear()
    await scene.pass_time(hours=3.1)
    await rep.says("/menu")
    await answers_the_checklist(rep)
    await rep.presses("Not reached")
    await rep.presses("Nothing particular")
    await rep.presses("No next step")
    await rep.presses("Closed down")
    await rep.presses("Send")
    kept("forgotten_en", readable(scene.transcript))
    visit = (await scene.rows(VISITS.select()))[0]
    assert (visit.state, visit.checked_out_at, visit.closed_automatically) == ("sent", None, True)


async def test_a_date_that_is_not_clear_is_asked_and_a_calendar_helps(scene: Scene, kept: Any) -> None:
    rep = await at_review(scene)
    await rep.presses("Next step")
    scene.transcript.clear()
    await rep.says("show him the demo soon")
    await rep.presses("Calendar")
    await rep.presses("30")
    await rep.presses("Write it again")
    await rep.says("call him on 3/4")
    await rep.presses("Write it again")
    await rep.says("tomorrow at 10 visit the factory")
    await rep.presses("Yes")
    kept("unclear_date_en", readable(scene.transcript))
    assert "Is everything right" in await rep.last()


async def test_an_answer_is_corrected_by_tapping_it_on_the_card(scene: Scene, kept: Any) -> None:
    rep = await checked_in(scene)
    await rep.presses("Yes")
    scene.transcript.clear()
    await rep.presses("1✓")
    await rep.presses("No")
    kept("correction_en", readable(scene.transcript))
    assert [(row.item, row.value) for row in await scene.rows(ANSWERS.select())] == [("listed", False)]


async def test_a_stranger_hears_how_to_get_in_and_nothing_else(scene: Scene, kept: Any) -> None:
    stranger = await scene.play("Eve")
    await stranger.says("/start")
    await stranger.says("/visit")
    await stranger.says("hello")
    await stranger.stands_at(*BANK)
    await stranger.says("/start wrongtoken")
    kept("stranger_en", readable(scene.transcript))
    assert await scene.rows(VISITS.select()) == []


async def test_who_blocked_the_bot_and_comes_back_sees_where_he_was(scene: Scene, kept: Any) -> None:
    rep = await checked_in(scene)
    scene.transcript.clear()
    await rep.does("block", blocked=True)
    await rep.does("block", blocked=False)
    await rep.says("/start")
    kept("back_again_en", readable(scene.transcript))
    assert "new product" in await rep.last()


async def test_a_check_out_with_a_forwarded_location_is_refused(scene: Scene) -> None:
    rep = await checked_in(scene, store_check=False)
    pin = next(m for m in (await rep.chat())["messages"] if "location" in m)
    await answers_the_checklist(rep)
    await rep.does("send", forward_of={"message_id": pin["message_id"]})
    assert "forwarded" in await rep.all_text()
    assert (await scene.rows(VISITS.select()))[0].checked_out_at is None


async def test_a_photo_that_telegram_no_longer_has_is_asked_for_again(scene: Scene) -> None:
    rep = await checked_in(scene)
    await rep.presses("Yes")
    person_id, now = await rep.person_id, scene.rounds.clock()

    def arrived_long_ago(connection: Any) -> None:
        told = {"visit_id": 1, "item": "display", "person_id": person_id, "received_at": now, "as_file": False}
        photo_id = visits.add_photo(connection, file_id="forgotten", unique_id="forgotten", album=None, **told)
        jobs.queue(connection, "photo", photo_id, now)

    await scene.rounds.database.write(arrived_long_ago)
    scene.rounds.worker.ring()
    await scene.settle()
    assert "no longer has the photo" in await rep.all_text()
    assert "Photo of our display" in await rep.last()
    assert [row.state for row in await scene.rows(PHOTOS.select())] == ["broken"]
