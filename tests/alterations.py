"""What people do to a picture before they send it on, and what should be said of it then."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageEnhance

from bot.domain.seal import Seal
from bot.media.alteration import Altered, Area
from bot.media.evidence import Mark
from bot.media.evidence_photo import codes_on, compare, develop_photo
from bot.media.fonts import font

SECRET = bytes(range(32))


@dataclass(frozen=True)
class Sent:
    """A picture as it is sent, and what was done to it: sides in percent, or a box in shares of it."""

    data: bytes
    cut: tuple[tuple[str, int], ...] = ()
    painted: Area | None = None
    is_framed: bool = False


Deed = Callable[[Image.Image, random.Random], Sent]


def jpeg(image: Image.Image, quality: int = 80) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def marked(photo: bytes, link: str) -> bytes:
    """The copy that Telegram is given, with usual facts on it."""
    facts = ("2026-11-23 09:00 (UTC+8)", "王小明 +86 138 0013 8000", "重庆市渝中区民生路123号", "29.56120, 106.57700")
    return develop_photo(photo, Mark("重庆长乐银行", (*facts, "拜访 #1042"), link)).sendable


def link(number: int, bot_name: str = "changle_rounds_bot") -> str:
    """A seal's link; which photo it is of makes no difference here."""
    from datetime import UTC, datetime

    at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    return Seal(1, 1042, number, at).signed(SECRET, f"{number:064x}").link(bot_name)


def told(deed: Deed, ours: bytes, text: str, luck: random.Random) -> tuple[Sent, Altered | None]:
    """What is said of our copy after the deed; None where no code can be read on it any more."""
    sent = deed(Image.open(io.BytesIO(ours)).convert("RGB"), luck)
    return sent, compare(sent.data, ours) if text in codes_on(sent.data) else None


def is_right(sent: Sent, said: Altered) -> bool:
    """Whether exactly what was done is said: sides to a percent, a place that overlaps, nothing that was not done."""
    if said.is_other or said.is_framed != sent.is_framed:
        return False
    wanted = dict(sent.cut)
    if set(said.cut) != set(wanted) or any(abs(said.cut[side] - wanted[side]) > 1 for side in wanted):
        return False
    if sent.painted is None:
        return not said.areas
    return any(_overlap(area, sent.painted) for area in said.areas)


def _overlap(one: Area, other: Area) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def compressed(quality: int) -> Deed:
    return lambda copy, _: Sent(jpeg(copy, quality))


def through_telegram(copy: Image.Image, _: random.Random) -> Sent:
    copy.thumbnail((1280, 1280), Image.Resampling.LANCZOS)
    return Sent(jpeg(copy))


def resized(by: float) -> Deed:
    return lambda copy, _: Sent(jpeg(copy.resize((round(copy.width * by), round(copy.height * by)))))


def turned(copy: Image.Image, _: random.Random) -> Sent:
    return Sent(jpeg(copy.transpose(Image.Transpose.ROTATE_90)))


def cropped(percent: int, *sides: str) -> Deed:
    def deed(copy: Image.Image, _: random.Random) -> Sent:
        lost = {side: percent / 100 if side in sides else 0.0 for side in ("left", "top", "right", "bottom")}
        box = (
            round(copy.width * lost["left"]),
            round(copy.height * lost["top"]),
            round(copy.width * (1 - lost["right"])),
            round(copy.height * (1 - lost["bottom"])),
        )
        return Sent(jpeg(copy.crop(box)), cut=tuple((side, percent) for side in sides))

    return deed


def boxed(percent: float) -> Deed:
    """A box of so much of the picture over what the photo shows, in a colour of its surroundings or any other."""

    def deed(copy: Image.Image, luck: random.Random) -> Sent:
        share = (percent / 100) ** 0.5
        width, height = round(copy.width * share), round(copy.height * share)
        left, top = luck.randint(0, copy.width - width), luck.randint(0, max(0, round(copy.height * 0.7) - height))
        beside = copy.getpixel((min(left + width + 3, copy.width - 1), top))
        colour = beside if luck.random() < 0.5 else tuple(luck.randint(0, 255) for _ in range(3))
        assert isinstance(colour, tuple)
        ImageDraw.Draw(copy).rectangle((left, top, left + width, top + height), fill=colour)
        edges = left / copy.width, top / copy.height, (left + width) / copy.width, (top + height) / copy.height
        return Sent(jpeg(copy), painted=Area(*edges))

    return deed


def written_on(copy: Image.Image, luck: random.Random) -> Sent:
    """Another date, in letters as high as a thirtieth of the width."""
    size = max(12, copy.width // 30)
    left, top = luck.randint(0, copy.width // 2), luck.randint(0, copy.height // 2)
    letters = font(0, size, shaped=False)
    ImageDraw.Draw(copy).text((left, top), "2026-11-30", fill=(250, 220, 0), font=letters)
    wide = letters.getlength("2026-11-30")
    area = Area(left / copy.width, top / copy.height, (left + wide) / copy.width, (top + 1.4 * size) / copy.height)
    return Sent(jpeg(copy), painted=area)


def date_painted_over(copy: Image.Image, _: random.Random) -> Sent:
    """The second line of the band, in the band's colour."""
    band = round(copy.height * 0.86), round(copy.height * 0.93)
    ImageDraw.Draw(copy).rectangle((round(copy.width * 0.06), band[0], copy.width // 2, band[1]), fill=(40, 42, 46))
    area = Area(0.06, band[0] / copy.height, 0.5, band[1] / copy.height)
    return Sent(jpeg(copy), painted=area)


def brighter(by: float) -> Deed:
    return lambda copy, _: Sent(jpeg(ImageEnhance.Brightness(copy).enhance(by)))


def harder(copy: Image.Image, _: random.Random) -> Sent:
    return Sent(jpeg(ImageEnhance.Contrast(copy).enhance(1.3)))


def screenshot(copy: Image.Image, _: random.Random) -> Sent:
    """On a telephone of 1080 x 2200, as wide as the screen, dark around it."""
    high = round(1080 * copy.height / copy.width)
    screen = Image.new("RGB", (1080, max(2200, high)), (12, 14, 16))
    screen.paste(copy.resize((1080, high)), (0, (screen.height - high) // 2))
    ImageDraw.Draw(screen).rectangle((40, 40, 300, 90), fill=(200, 200, 200))
    return Sent(jpeg(screen), is_framed=screen.height - high > 60)


UNTOUCHED: dict[str, Deed] = {
    "JPEG, quality 95": compressed(95),
    "JPEG, quality 80": compressed(80),
    "JPEG, quality 60": compressed(60),
    "JPEG, quality 40": compressed(40),
    "sent as a photo through Telegram": through_telegram,
    "half the size": resized(0.5),
    "one and a half times the size": resized(1.5),
    "turned by 90°": turned,
    "lighter by 30 %": brighter(1.3),
    "darker by 30 %": brighter(0.7),
    "contrast +30 %": harder,
    "screenshot": screenshot,
}
CROPPED: dict[str, Deed] = {
    "5 % off the left": cropped(5, "left"),
    "10 % off the top": cropped(10, "top"),
    "25 % off the left and the top": cropped(25, "left", "top"),
    "5 % off the right": cropped(5, "right"),
    "5 % off the bottom": cropped(5, "bottom"),
}
PAINTED: dict[str, Deed] = {
    "a box of 1 %": boxed(1),
    "a box of 2 %": boxed(2),
    "a box of 5 %": boxed(5),
    "a date written on it": written_on,
    "the date on the band painted over": date_painted_over,
}
EVERYTHING: dict[str, dict[str, Deed]] = {
    "nothing that matters": UNTOUCHED,
    "cropped": CROPPED,
    "painted over": PAINTED,
}
