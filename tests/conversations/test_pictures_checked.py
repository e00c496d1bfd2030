"""Pictures that come back: whose they are, and what was done to them, for each who may ask."""

import io
import re
from collections.abc import Callable

from company import checked_in
from PIL import Image, ImageDraw
from scene import Player, Scene, readable

from bot.demo.shelf import draw_shelf
from bot.domain import seal
from bot.media import qr
from storage import signing, visits

Keep = Callable[[str, str], None]
SHELF = draw_shelf(3, (640, 480))


def encoded(image: Image.Image, quality: int = 85) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


async def marked(scene: Scene) -> Image.Image:
    """The first photo's marked copy, as it was sent back."""
    photo = await scene.rounds.database.read(lambda connection: visits.get_photo(connection, 1))
    return Image.open(io.BytesIO(await scene.rounds.blobs.read(photo.sendable))).convert("RGB")


def cropped(copy: Image.Image) -> bytes:
    return encoded(copy.crop((round(copy.width * 0.1), 0, copy.width, copy.height)))


def painted(copy: Image.Image) -> bytes:
    """A price painted over."""
    copy = copy.copy()
    ImageDraw.Draw(copy).rectangle((200, 80, 280, 134), fill=(90, 160, 90))
    return encoded(copy)


def pasted(copy: Image.Image) -> bytes:
    """Another shelf with the code of this one."""
    other = Image.open(io.BytesIO(draw_shelf(9, copy.size))).convert("RGB")
    corner = (copy.width - 120, copy.height - 120)
    other.paste(copy.crop((*corner, *copy.size)), corner)
    return encoded(other)


async def photographed(scene: Scene) -> tuple[Player, Image.Image]:
    """A rep who has photographed a shelf, and the marked copy; what was said is forgotten."""
    rep = await checked_in(scene)
    await rep.presses("Yes")
    await rep.sends_photo(SHELF, as_document=True)
    scene.transcript.clear()
    return rep, await marked(scene)


async def sends_all(who: Player, copy: Image.Image) -> None:
    """What a manager may be shown, one after the other."""
    await who.says("/verify")
    await who.sends_photo(encoded(copy, 60))
    for altered in (cropped, painted, pasted):
        await who.sends_photo(altered(copy))
    await who.sends_photo(draw_shelf(7, (640, 480)))


def without_digests(scene: Scene) -> str:
    """The transcript; the keys are made at random."""
    return re.sub(r"v_\d+", "v_…", readable(scene.transcript))


async def test_a_manager_reads_what_was_done_to_a_picture_and_a_colleague_less(scene: Scene, kept: Keep) -> None:
    rep, copy = await photographed(scene)
    manager = await scene.play("Grace")
    await manager.joins("manager", team="West")
    await sends_all(manager, copy)
    text = await manager.all_text()
    assert "only compressed or resized" in text
    assert "10 % cut off on the left" in text
    assert "1 place differs" in text
    assert "stands on another picture" in text
    assert "no code of mine" in text
    assert "/visit" not in text, "a manager makes none"
    assert text.count("Emma") == 4
    kept("pictures_checked_en", without_digests(scene))

    await scene.rounds.database.write(lambda connection: signing.rotate(connection, scene.rounds.clock()))
    colleague = await scene.play("Li")
    await colleague.joins("rep", team="East")
    await colleague.sends_photo(encoded(copy, 60))
    text = await colleague.last()
    assert "✅ Valid: made by" in text and "Received on" in text
    assert "Emma" not in text and "Harbour" not in text

    await manager.sends_photo(encoded(copy.crop((0, 0, copy.width, round(copy.height * 0.9)))))
    text = await manager.last()
    assert "10 % cut off at the bottom" in text and "no code can be read" in text

    await rep.says("/verify")  # his visit is open: without it a picture would be one for the visit
    photo = await scene.rounds.database.read(lambda connection: visits.get_photo(connection, 1))
    await rep.sends_photo(await scene.rounds.blobs.read(photo.sendable), as_document=True)
    assert "not a byte differs" in await rep.all_text()
    await rep.says("/verify")
    await rep.sends_photo(SHELF, as_document=True)
    assert "The original, byte for byte" in await rep.all_text()


async def test_a_manager_reads_it_in_chinese(scene: Scene, kept: Keep) -> None:
    _, copy = await photographed(scene)
    manager = await scene.play("王芳", language="zh")
    await manager.joins("manager", team="West")
    await sends_all(manager, copy)
    assert "裁掉了 10 %" in await manager.all_text()
    kept("pictures_checked_zh", without_digests(scene))


async def test_a_stranger_hears_whether_it_is_valid_and_nothing_else(scene: Scene, kept: Keep) -> None:
    _, copy = await photographed(scene)
    stranger = await scene.play("Nora")
    (code,) = qr.find(copy)
    await stranger.says(f"/start {code.text.partition('=')[2]}")
    await stranger.sends_photo(encoded(copy, 60))
    await stranger.sends_photo(painted(copy))
    sealed = seal.read(code.text)
    assert sealed is not None
    forged = sealed.seal.signed(bytes(32), "ab" * 32)
    await stranger.says(f"/start {forged.parameter}")
    await stranger.sends_photo(draw_shelf(7, (640, 480)))
    await stranger.sends_photo(encoded(copy, 60))
    text = await stranger.all_text()
    told = [line[0] for line in text.splitlines() if line.startswith(("✅", "❌", "🔎"))]
    assert told == ["✅", "✅", "❌", "❌", "🔎"]
    assert "5 pictures an hour" in await stranger.last()
    assert not any(private in text for private in ("Emma", "Harbour", "29.56", "#1", "2026"))
    kept("pictures_checked_stranger", without_digests(scene))
