"""A marked copy that comes back: its code is read, and what was done to it is said."""

import io
import random
from pathlib import Path

import pytest
from alterations import (
    CROPPED,
    EVERYTHING,
    PAINTED,
    UNTOUCHED,
    boxed,
    is_right,
    jpeg,
    link,
    marked,
    told,
)
from PIL import Image, ImageChops, ImageOps

from bot.demo.shelf import draw_shelf
from bot.media.alteration import Altered
from bot.media.evidence_photo import codes_on, compare

TEXT = link(7)
SIZES = [(40, 30), (320, 240), (240, 320), (1280, 960), (960, 1280), (3000, 300), (300, 3000), (4000, 3000)]
HELD = {**UNTOUCHED, **CROPPED, **PAINTED}
BY_EYE = ("JPEG, quality 40", "screenshot", "turned by 90°", "25 % off the left and the top", "a date written on it")


@pytest.fixture(scope="module")
def ours() -> bytes:
    return marked(draw_shelf(3, (960, 720)), TEXT)


@pytest.mark.parametrize("size", SIZES)
def test_the_code_is_read_once_telegram_has_reduced_the_photo_and_another_has_compressed_it(
    size: tuple[int, int],
) -> None:
    photo = ImageOps.fit(Image.open(io.BytesIO(draw_shelf(1, (640, 480)))), size)
    copy = Image.open(io.BytesIO(marked(jpeg(photo), TEXT)))
    copy.thumbnail((1280, 1280), Image.Resampling.LANCZOS)
    assert codes_on(jpeg(copy, 60)) == (TEXT,)


@pytest.mark.parametrize("name", BY_EYE)
def test_exactly_that_is_said_which_was_done(name: str, ours: bytes) -> None:
    sent, said = told(HELD[name], ours, TEXT, random.Random(name))
    assert said is not None
    assert is_right(sent, said)


def test_what_was_painted_over_is_framed_in_red(ours: bytes) -> None:
    sent, said = told(boxed(2), ours, TEXT, random.Random(1))
    assert said is not None and said.picture is not None and sent.painted is not None
    seen, framed = (Image.open(io.BytesIO(data)).convert("RGB") for data in (sent.data, said.picture))
    changed = ImageChops.difference(seen, framed).convert("L").point([0] * 40 + [255] * 216).getbbox()
    left, top, right, bottom = changed or (0, 0, 0, 0)
    assert left / seen.width <= sent.painted.left and top / seen.height <= sent.painted.top
    assert right / seen.width >= sent.painted.right and bottom / seen.height >= sent.painted.bottom


def test_our_own_bytes_need_no_look(ours: bytes) -> None:
    assert compare(ours, ours) == Altered(is_ours_bytes=True)


def test_another_shelf_under_the_same_band_is_not_ours(ours: bytes) -> None:
    assert compare(marked(draw_shelf(4, (960, 720)), TEXT), ours) == Altered(is_other=True)


def test_a_lighter_picture_is_said_to_be_lighter_and_not_painted_over(ours: bytes) -> None:
    _, said = told(UNTOUCHED["lighter by 30 %"], ours, TEXT, random.Random(1))
    assert said is not None and not (said.is_other or said.cut or said.areas)
    assert said.brighter > 6


@pytest.mark.realdata
def test_real_shelves_come_back_as_the_page_says(data: Path) -> None:
    photos = sorted((data / "images/shelves").iterdir())[::6]
    shelves = [marked(photo.read_bytes(), TEXT) for photo in photos]
    for kind, deeds in EVERYTHING.items():
        right, read = 0, 0
        for name, deed in deeds.items():
            for copy in shelves:
                sent, said = told(deed, copy, TEXT, random.Random(name))
                read += said is not None
                right += said is not None and is_right(sent, said)
        assert right >= 0.95 * read, kind
        assert read >= {"cropped": 0.55}.get(kind, 0.9) * len(deeds) * len(shelves), kind
    assert all(compare(shelves[at - 1], copy).is_other for at, copy in enumerate(shelves))
