"""What stands on a photo, for each who may have taken it, and what is done with one that comes back."""

import io

from company import checked_in
from PIL import Image
from scene import Player, Scene, picture

from bot.demo.shelf import draw_shelf
from bot.domain import seal
from bot.media import qr
from bot.media.evidence import Mark
from bot.services import photo_marks, seals
from storage import signing, visits
from storage.tables import PersonRow, table

SHA256 = "ab" * 32


async def on_his_photo(scene: Scene) -> Mark:
    clock, renderer = scene.rounds.clock, scene.rounds.renderer
    return await scene.rounds.database.read(
        lambda connection: photo_marks.word(
            connection, renderer, 1, clock(), sha256=SHA256, bot_name=scene.rounds.bot.username
        )
    )


async def marked_copy(scene: Scene) -> bytes:
    """Of the first photo, as it was sent back."""
    photo = await scene.rounds.database.read(lambda connection: visits.get_photo(connection, 1))
    return await scene.rounds.blobs.read(photo.sendable)


async def photographed(scene: Scene) -> Player:
    rep = await checked_in(scene)
    await rep.presses("Yes")
    await rep.sends_photo(draw_shelf(1, (960, 720)))
    return rep


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


async def test_the_code_on_a_photo_is_vouched_for_even_after_the_key_has_changed(scene: Scene) -> None:
    await photographed(scene)
    (code,) = qr.find(Image.open(io.BytesIO(await marked_copy(scene))))
    assert code.text.startswith(f"https://t.me/{scene.rounds.bot.username}?start=v_")
    database, now = scene.rounds.database, scene.rounds.clock()
    assert await database.write(lambda connection: signing.rotate(connection, now)) == 2
    judged = await database.read(lambda connection: seals.judge(connection, [code.text]))
    assert judged is not None and judged.photo is not None
    assert (judged.photo.id, judged.photo.visit_id, judged.sealed.seal.key_id) == (1, 1, 1)
    renewed = seal.read((await on_his_photo(scene)).code)
    assert renewed is not None and renewed.seal.key_id == 2
    forged = await database.read(lambda connection: seals.judge(connection, [renewed.parameter]))
    assert forged is not None and forged.photo is None  # sealed over another original


async def test_a_photo_of_ours_is_not_taken_for_a_new_one(scene: Scene) -> None:
    rep = await photographed(scene)
    await rep.sends_photo(await marked_copy(scene))
    assert "one that I made myself, for visit #1" in await rep.all_text()
    photos = await scene.rounds.database.read(lambda connection: visits.list_photos(connection, 1))
    assert [photo.id for photo in photos] == [1]
