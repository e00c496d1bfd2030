"""What Telegram takes as a photo is left alone, what it refuses is made to fit."""

import io
import os

import pytest
from PIL import Image

from bot.media.previews import for_sending


def jpeg(image: Image.Image, quality: int = 88) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def test_a_photo_within_the_limits_goes_as_it_is() -> None:
    data = jpeg(Image.new("RGB", (4000, 3000)))
    assert for_sending(data) is data


@pytest.mark.parametrize("size", [(9_000, 1_100), (30, 700), (11_000, 40), (1, 500)])
def test_sides_beyond_the_limits_are_mended(size: tuple[int, int]) -> None:
    sent = Image.open(io.BytesIO(for_sending(jpeg(Image.new("RGB", size)))))
    assert sum(sent.size) <= 10_000
    assert max(sent.size) / min(sent.size) <= 20


def test_too_many_bytes_become_fewer() -> None:
    noise = Image.frombytes("RGB", (4_000, 3_000), os.urandom(36_000_000))
    data = jpeg(noise, 95)
    assert len(data) > 10_000_000
    assert len(for_sending(data)) <= 10_000_000
