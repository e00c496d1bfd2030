"""A visit on which everything goes wrong: weak reception, a broken photo, a sticker, a double tap; acted out."""

from bot.demo.shelf import draw_shelf
from bot.demo.visiting import Script, Visiting

CLOUD = "🌧"


async def play_rain(rep: Visiting, script: Script) -> None:
    """Arrive, struggle, and report all the same; the script's second answer is the photo."""
    phone = rep.phone
    await rep.arrive(script)
    listed, photo, *others = script.answers
    await rep.answer(listed)

    async def is_asked_again() -> bool:
        """The file is taken at once; when it has been looked at, the checklist comes anew with what is wrong."""
        _question, *above = await phone.fresh() or [{}]
        return len(above) > 1 and "item-" in str(above[0].get("reply_markup"))

    whole = draw_shelf(int(photo.what))
    await phone.sends_photo(whole[: len(whole) // 3], "wet.jpg", as_file=True)
    await phone.until(is_asked_again, "the broken photo was not noticed")
    await rep.answer(photo)
    await phone.sends_sticker(CLOUD)
    for answer in others:
        await rep.answer(answer)
        await rep.minutes_pass(script.minutes / len(others))
    await rep.report(script, double_tap=True)
