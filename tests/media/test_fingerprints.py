"""A photo is known again by what is to be seen on it, and a photo that shows little is like no other."""

import io
import random
from functools import cache

import pytest
from PIL import Image, ImageDraw

from bot.demo.shelf import draw_shelf
from bot.domain.likeness import Candidate, Fingerprint, Stored, View, keys_to_try, nearest
from bot.media.comparison import likeness
from bot.media.fingerprint import fingerprint
from bot.media.pair import COPY, pair_if_same

SHELVES = 6


@cache
def shelf(number: int) -> Image.Image:
    return Image.open(io.BytesIO(draw_shelf(number, (640, 480)))).convert("RGB")


def jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


@cache
def stored() -> tuple[Fingerprint, ...]:
    prints = [fingerprint(jpeg(shelf(number))) for number in range(SHELVES)]
    assert all(prints)
    return tuple(one for one in prints if one is not None)


def found(photo: bytes) -> list[Candidate]:
    looked_for = fingerprint(photo)
    if looked_for is None:
        return []
    rows = [Stored(key, number, signs) for number, one in enumerate(stored()) for key, signs in one.keys]
    tried = keys_to_try(looked_for.looks)
    return nearest([row for row in rows if row.key in tried], tried, 8)


def cut(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = picture.size
    return picture.crop(
        (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
    )


def screenshot(picture: Image.Image) -> Image.Image:
    """The picture across a phone's screen, with a clock above it and signs below."""
    screen = Image.new("RGB", (540, 1170), "black")
    draw = ImageDraw.Draw(screen)
    draw.text((20, 14), "14:05", "white", font_size=22)
    draw.text((70, 60), "Wang Xiaoming", "white", font_size=24)
    for left in range(60, 480, 130):
        draw.ellipse((left, 1080, left + 36, 1116), outline="white", width=3)
    across = picture.resize((540, round(540 * picture.height / picture.width)))
    screen.paste(across, (0, (1170 - across.height) // 2))
    return screen


def covered(picture: Image.Image) -> Image.Image:
    """A band over the lower fifth."""
    marked = picture.copy()
    marked.paste((20, 22, 26), (0, round(picture.height * 0.8), *picture.size))
    return marked


COPIES = {
    "smaller": lambda: shelf(2).resize((320, 240)),
    "cut on one side": lambda: cut(shelf(2), 0.1, 0, 0, 0),
    "cut all around": lambda: cut(shelf(2), 0.03, 0.02, 0.06, 0.08),
    "darker": lambda: shelf(2).point(lambda value: value * 0.7),
    "mirrored": lambda: shelf(2).transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "in a screenshot": lambda: screenshot(shelf(2)),
    "with a band below": lambda: covered(shelf(2)),
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_is_found_and_confirmed(how: str) -> None:
    copy = jpeg(COPIES[how](), 60)
    best = found(copy)[0]
    assert best.photo_id == 2
    assert pair_if_same(copy, jpeg(shelf(2)), best.view) is not None


def test_another_shelf_of_the_same_shop_is_no_copy() -> None:
    for number in range(SHELVES, SHELVES + 4):
        assert not any(
            pair_if_same(jpeg(shelf(number)), jpeg(shelf(one.photo_id)), one.view) for one in found(jpeg(shelf(number)))
        )


@pytest.mark.parametrize("brightness", [3, 128, 250])
def test_a_dark_or_empty_photo_is_like_no_other(brightness: int) -> None:
    luck = random.Random(brightness)
    fog = Image.frombytes("L", (320, 240), bytes(min(255, brightness + luck.randrange(4)) for _ in range(320 * 240)))
    assert fingerprint(jpeg(fog)) is None


def test_where_something_is_painted_over_the_rest_still_speaks() -> None:
    painted = shelf(1).copy()
    painted.paste((200, 30, 40), (400, 0, 640, 240))
    assert COPY <= likeness(painted.convert("L"), shelf(1).convert("L"), View()) < 1


def test_a_pair_has_the_new_photo_on_the_left() -> None:
    new, earlier = Image.new("RGB", (300, 400), (250, 0, 0)), Image.new("RGB", (1000, 500), (0, 0, 250))
    data = pair_if_same(jpeg(new), jpeg(earlier), None)
    assert data is not None
    pair = Image.open(io.BytesIO(data))
    assert pair.size == (720 + 16 + 1920, 960)
    assert pair.getpixel((300, 480))[0] > 200
    assert pair.getpixel((1700, 480))[2] > 200
