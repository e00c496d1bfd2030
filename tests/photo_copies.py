"""What becomes of a photo before it is sent again: smaller, recompressed, marked, cut, lit otherwise, photographed."""

import io
import random
from collections.abc import Callable
from functools import partial

from PIL import Image, ImageDraw, ImageEnhance

from bot.media.evidence import Mark
from bot.media.watermark import watermark

MARK = Mark(
    "Received 2026-11-20 14:05:12", ("Storgatan 12, 111 23 Stockholm", "59.329312, 18.068581", "ICA Nära", "#99")
)
Picture = Image.Image
Change = Callable[[Picture, random.Random], Picture]


def jpeg(picture: Picture, quality: int = 85) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def opened(data: bytes) -> Picture:
    return Image.open(io.BytesIO(data)).convert("RGB")


def resized(picture: Picture, luck: random.Random, *, to: float) -> Picture:
    return picture.resize((round(picture.width * to), round(picture.height * to)), Image.Resampling.LANCZOS)


def compressed(picture: Picture, luck: random.Random, *, quality: int) -> Picture:
    return opened(jpeg(picture, quality))


def marked(picture: Picture, luck: random.Random) -> Picture:
    return opened(watermark(jpeg(picture, 92), MARK))


def cropped(
    picture: Picture, luck: random.Random, *, by: float, left: float | None = None, top: float | None = None
) -> Picture:
    """So much less width and height; where it is cut off is up to luck, or said as a share of what is cut."""
    left, top = luck.random() if left is None else left, luck.random() if top is None else top
    width, height = round(picture.width * (1 - by)), round(picture.height * (1 - by))
    at = round((picture.width - width) * left), round((picture.height - height) * top)
    return picture.crop((*at, at[0] + width, at[1] + height))


def lit(picture: Picture, luck: random.Random, *, by: float) -> Picture:
    return ImageEnhance.Contrast(ImageEnhance.Brightness(picture).enhance(by)).enhance(luck.uniform(0.8, 1.2))


def mirrored(picture: Picture, luck: random.Random) -> Picture:
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def on_a_screen(picture: Picture, luck: random.Random, *, ground: str, ink: str) -> Picture:
    """A screenshot of a phone that shows the photo: clock and battery, a name, signs below; then made smaller."""
    width, height = 1080, 2340
    screen = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(screen)
    draw.text((40, 24), "14:05", ink, font_size=44)
    draw.rectangle((width - 120, 30, width - 50, 66), outline=ink, width=4)
    draw.text((140, 110), "Wang Xiaoming", ink, font_size=46)
    draw.text((140, 166), "today at 14:03", "gray", font_size=36)
    for left in range(120, 1000, 260):
        draw.ellipse((left, height - 170, left + 60, height - 110), outline=ink, width=5)
    draw.rectangle((width // 2 - 150, height - 30, width // 2 + 150, height - 22), fill=ink)
    scale = min(width / picture.width, (height - 560) / picture.height)
    shown = resized(picture, luck, to=scale)
    screen.paste(shown, ((width - shown.width) // 2, (height - shown.height) // 2))
    return resized(screen, luck, to=luck.choice((0.5, 1.0)))


def mirrored_and_cropped(picture: Picture, luck: random.Random) -> Picture:
    return mirrored(cropped(picture, luck, by=0.05), luck)


def taken_again(picture: Picture, luck: random.Random) -> Picture:
    """The same things from another standpoint: turned by up to 3°, each corner off by 3 to 11 %, in other light."""
    turned = picture.rotate(luck.uniform(-3, 3), Image.Resampling.BICUBIC)
    near = partial(luck.uniform, 0.03, 0.11)
    width, height = picture.size
    corners = [(near(), near()), (near(), 1 - near()), (1 - near(), 1 - near()), (1 - near(), near())]
    flat = [value for across, down in corners for value in (across * width, down * height)]
    seen = turned.transform(picture.size, Image.Transform.QUAD, flat, Image.Resampling.BICUBIC)
    return ImageEnhance.Brightness(seen).enhance(luck.uniform(0.8, 1.2))


COPIES: dict[str, Change] = {
    "a third of the size": partial(resized, to=0.35),
    "half the size": partial(resized, to=0.5),
    "twice the size": partial(resized, to=2.0),
    "JPEG, quality 40": partial(compressed, quality=40),
    "JPEG, quality 60": partial(compressed, quality=60),
    "JPEG, quality 80": partial(compressed, quality=80),
    "JPEG, quality 95": partial(compressed, quality=95),
    "with our own mark": marked,
    "5 % of width and height cut off, anywhere": partial(cropped, by=0.05),
    "10 % cut off, anywhere": partial(cropped, by=0.10),
    "10 % cut off, left and top": partial(cropped, by=0.10, left=1.0, top=1.0),
    "darker, other contrast": partial(lit, by=0.6),
    "brighter, other contrast": partial(lit, by=1.5),
    "screenshot on black": partial(on_a_screen, ground="black", ink="white"),
    "screenshot on white": partial(on_a_screen, ground="white", ink="black"),
    "mirrored": mirrored,
}
BEYOND: dict[str, Change] = {
    "mirrored, and 5 % cut off": mirrored_and_cropped,
    "15 % cut off, anywhere": partial(cropped, by=0.15),
    "20 % cut off, all around": partial(cropped, by=0.20, left=0.5, top=0.5),
}
