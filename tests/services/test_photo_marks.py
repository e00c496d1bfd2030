"""What stands on a photo, for each who may have taken it."""

from company import checked_in
from scene import Scene, picture

from bot.media.evidence import Mark
from bot.services import photo_marks
from storage.tables import PersonRow, table


async def on_his_photo(scene: Scene) -> Mark:
    clock, renderer = scene.rounds.clock, scene.rounds.renderer
    return await scene.rounds.database.read(lambda connection: photo_marks.word(connection, renderer, 1, clock()))


async def test_a_mark_says_who_was_where_and_when_in_the_reps_language_and_zone(scene: Scene) -> None:
    rep = await checked_in(scene)
    await rep.presses("Yes")
    await rep.sends_photo(picture())
    mark = await on_his_photo(scene)
    assert mark.headline == "Harbour Bakery"
    assert mark.lines == ("2026-11-23 09:00 (UTC+8)", "Emma +8613800000001", "29.56120, 106.57700", "Visit #1")
    person = table(PersonRow)
    moved = person.update().values(language="zh_Hans", time_zone="Europe/Berlin", name="Emma <Li> & Co")
    await scene.rounds.database.write(lambda connection: connection.execute(moved).rowcount)
    moment, who, _, visit = (await on_his_photo(scene)).lines
    assert (moment, who, visit) == ("2026-11-23 02:00 (UTC+1)", "Emma <Li> & Co +8613800000001", "拜访 #1")
