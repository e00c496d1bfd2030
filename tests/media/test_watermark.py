"""The marked copy: its facts are on it, the photo is still in it, nothing private is left in it."""

import io
import json
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageCms

from bot.media.band import fitting_band
from bot.media.evidence import BrokenPicture, Mark
from bot.media.watermark import watermark

DATA = Path(__file__).parents[2] / "../shared/data"
beside = pytest.mark.skipif(not DATA.exists(), reason="the public data sets are not beside the project")

MARK = Mark(
    "2026-11-20 14:05:33", ("上海市浦东新区世纪大道100号", "31.234567, 121.507890", "王小明 +86 138 0013 8000", "#1042")
)
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 200, 30), (30, 30, 220), (220, 210, 30)


def encoded(image: Image.Image, file_format: str = "JPEG", **options: object) -> bytes:
    if file_format == "HEIF":
        pillow_heif.register_heif_opener()
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def marked(data: bytes, mark: Mark = MARK) -> Image.Image:
    image = Image.open(io.BytesIO(watermark(data, mark)))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    return image


def corners(width: int = 640, height: int = 480) -> Image.Image:
    """Red and green above, blue and yellow below."""
    image = Image.new("RGB", (2, 2))
    for at, colour in zip([(0, 0), (1, 0), (0, 1), (1, 1)], [RED, GREEN, BLUE, YELLOW], strict=True):
        image.putpixel(at, colour)
    return image.resize((width, height), Image.Resampling.NEAREST)


def is_like(colour: object, wanted: tuple[int, int, int], by: int = 25) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(one - other) <= by for one, other in zip(colour, wanted, strict=True))


def test_the_band_is_dark_with_bright_letters_and_the_rest_is_untouched() -> None:
    snow = Image.new("RGB", (1280, 960), "white")
    image = marked(encoded(snow))
    height = fitting_band(MARK, 1280, 960).height
    above = image.crop((0, 0, 1280, 960 - height - 8))
    band = image.crop((0, 960 - height, 1280, 960)).convert("L")
    assert image.size == (1280, 960)
    assert ImageChops.difference(above, snow.crop((0, 0, *above.size))).getbbox() is None
    assert band.getextrema()[1] > 240
    assert sorted(band.resize((40, 10)).tobytes())[200] < 100  # the median


def test_on_a_black_night_the_letters_are_still_bright() -> None:
    image = marked(encoded(Image.new("RGB", (1280, 960))))
    assert image.convert("L").crop((0, 700, 1280, 960)).getextrema()[1] > 240


@pytest.mark.parametrize(
    ("orientation", "stored"),
    [
        (1, None),
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (3, Image.Transpose.ROTATE_180),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        (6, Image.Transpose.ROTATE_90),
        (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_270),
    ],
)
def test_a_photo_is_upright_however_the_phone_was_held(orientation: int, stored: Image.Transpose | None) -> None:
    image = corners(640, 480)
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = marked(encoded(image if stored is None else image.transpose(stored), exif=exif))
    assert image.size == (640, 480)
    assert is_like(image.getpixel((20, 20)), RED)
    assert is_like(image.getpixel((620, 20)), GREEN)
    assert is_like(image.getpixel((20, 300)), BLUE)
    assert is_like(image.getpixel((620, 300)), YELLOW)


def test_nothing_private_is_left() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 19.0, 45.0)})
    data = encoded(corners(), exif=exif, comment=b"SecretComment", xmp=b"<x>SecretPlace</x>", dpi=(300, 300))
    assert data.count(b"Secret") == 3
    copy = watermark(data, MARK)
    assert b"Secret" not in copy and b"Exif" not in copy
    assert not Image.open(io.BytesIO(copy)).getexif()


@pytest.mark.parametrize(
    ("file_format", "mode"),
    [
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "LA"),
        ("PNG", "RGBA"),
        ("WEBP", "RGBA"),
        ("HEIF", "RGB"),
    ],
)
def test_every_kind_of_pixel_is_taken(file_format: str, mode: str) -> None:
    image = marked(encoded(corners().convert(mode), file_format))
    colour = RED if mode in ("CMYK", "P", "RGBA", "RGB") else None
    assert image.size == (640, 480)
    assert colour is None or is_like(image.getpixel((20, 20)), colour)


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (640, 480), (200, 0, 0, 0))
    assert is_like(marked(encoded(clear, "PNG")).getpixel((20, 20)), (255, 255, 255), 2)


def test_sixteen_bits_of_grey_are_not_clipped_to_white() -> None:
    grey = Image.new("I", (640, 480), 128 * 257).convert("I;16")
    assert is_like(marked(encoded(grey, "PNG")).getpixel((20, 20)), (128, 128, 128), 2)


def test_colours_are_as_the_photos_profile_means_them() -> None:
    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.createProfile("sRGB")
    swapped = bytearray(ImageCms.ImageCmsProfile(srgb).tobytes())
    red, blue = swapped.index(b"rXYZ"), swapped.index(b"bXYZ")
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"  # what it calls red is blue
    name = swapped.find("sRGB".encode("utf-16-be"))
    swapped[name : name + 8] = "swap".encode("utf-16-be")
    odd = marked(encoded(corners(), icc_profile=bytes(swapped)))
    assert is_like(odd.getpixel((20, 20)), BLUE, 40)
    for ignored in (b"nonsense", ImageCms.ImageCmsProfile(lab).tobytes()):
        assert is_like(marked(encoded(corners(), icc_profile=ignored)).getpixel((20, 20)), RED)


def test_a_large_photo_is_kept_at_twelve_megapixels() -> None:
    image = marked(encoded(corners(6000, 4000)))
    assert 11_900_000 < image.width * image.height <= 12_000_000
    assert image.width / image.height == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize("size", [(200, 150), (40, 30), (90, 700), (3000, 60)])
def test_on_a_small_or_thin_photo_the_canvas_grows_and_nothing_is_hidden(size: tuple[int, int]) -> None:
    image = marked(encoded(Image.new("RGB", size, RED)))
    assert image.width >= 200 and image.height > size[1]
    red = image.split()[0].crop((0, 0, image.width, size[1])).point(lambda value: 255 if value > 110 else 0)
    left, _, right, bottom = red.getbbox() or (0, 0, 0, 0)
    assert (right - left, bottom) == pytest.approx(size, abs=2)
    assert left == pytest.approx(image.width - right, abs=2)


@pytest.mark.parametrize(
    "size",
    [(1280, 960), (960, 1280), (4000, 3000), (348, 348), (10_000, 1_000), (2_000, 200), (300, 3_000), (200, 150)],
)
def test_letters_are_large_enough_and_the_band_is_not_too_high(size: tuple[int, int]) -> None:
    band = fitting_band(MARK, *size)
    assert band.size >= 11
    assert band.size >= min(size) * 0.02
    assert min(size) < 200 or band.height <= max(size[1] * 0.42, 130)
    assert all(sum(map(row.pen.width, row.facts)) <= size[0] for row in band.rows)


def test_every_fact_is_on_the_band_in_its_order() -> None:
    for width, height in [(1280, 960), (960, 1280), (400, 300)]:
        shown = [fact for row in fitting_band(MARK, width, height).rows for fact in row.facts]
        assert "".join(shown) == MARK.headline + "".join(MARK.lines)


def test_names_without_end_leave_most_of_the_photo_free() -> None:
    endless = Mark("2026-11-20 14:05", tuple(letter * 200 for letter in ("x", "华", "م", "long name ", "😀")))
    image = marked(encoded(Image.new("RGB", (1280, 960), RED)), endless)
    assert image.size == (1280, 960)
    assert is_like(image.getpixel((640, 500)), RED)


def test_one_pixel_is_no_fault() -> None:
    assert marked(encoded(Image.new("RGB", (1, 1)))).width == 200


def test_an_empty_mark_is_no_fault() -> None:
    assert marked(encoded(corners()), Mark("", ("", "😀"))).size == (640, 480)


def test_a_broken_photo_is_refused_with_the_reason() -> None:
    with pytest.raises(BrokenPicture) as broken:
        watermark(encoded(corners())[:900], MARK)
    assert broken.value.reason == "truncated"


@pytest.mark.realdata
@beside
def test_every_hostile_file_is_marked_or_refused() -> None:
    outcomes = []
    for path in sorted((DATA / "images/malformed").iterdir()):
        try:
            outcomes.append(marked(path.read_bytes()).size)
        except BrokenPicture as broken:
            outcomes.append(broken.reason)
    assert len(outcomes) > 20


@pytest.mark.realdata
@beside
def test_every_shelf_photo_is_marked() -> None:
    photos = sorted((DATA / "images/shelves").iterdir())
    assert photos
    assert all(min(marked(path.read_bytes()).size) >= 300 for path in photos)


@pytest.mark.realdata
@beside
def test_every_naughty_string_survives_as_headline_and_fact() -> None:
    strings = json.loads((DATA / "strings/blns.json").read_text())
    photo = encoded(corners(400, 300))
    for text in strings:
        assert marked(photo, Mark(text, (text, "after it"))).width == 400
