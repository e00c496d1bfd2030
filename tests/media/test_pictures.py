"""What may be opened as a photo, and the one reason that is given for everything else."""

import io
import pickle
import struct
import zlib
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from bot.media.evidence import BrokenPicture, Picture
from bot.media.pictures import MAX_BYTES, inspect

MALFORMED = Path(__file__).parents[2] / "../shared/data/images/malformed"


def picture(file_format: str, width: int = 64, height: int = 48, *, mode: str = "RGB", orientation: int = 0) -> bytes:
    if file_format == "HEIF":
        pillow_heif.register_heif_opener()
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    file = io.BytesIO()
    image = Image.effect_noise((width, height), 60).convert(mode)
    image.save(file, file_format, **({"exif": exif} if orientation else {}))
    return file.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that promises any number of pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def reason_for(data: bytes) -> str:
    with pytest.raises(BrokenPicture) as broken:
        inspect(data)
    return broken.value.reason


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_what_phones_send_is_known_by_its_facts(file_format: str) -> None:
    facts = inspect(picture(file_format))
    assert (facts.format, facts.width, facts.height, facts.orientation) == (file_format, 64, 48, 1)
    assert facts.megapixels == pytest.approx(0.003072)


@pytest.mark.parametrize(("orientation", "size"), [(3, (64, 48)), (6, (48, 64)), (8, (48, 64)), (77, (64, 48))])
def test_width_and_height_are_as_a_person_sees_them(orientation: int, size: tuple[int, int]) -> None:
    facts = inspect(picture("JPEG", orientation=orientation))
    assert (facts.width, facts.height) == size


def test_a_jpeg_with_more_pictures_behind_it_is_a_jpeg() -> None:
    file = io.BytesIO()
    second = Image.new("RGB", (64, 48))
    Image.effect_noise((64, 48), 60).convert("RGB").save(file, "MPO", save_all=True, append_images=[second])
    assert inspect(file.getvalue()) == Picture("JPEG", 64, 48, 1)


@pytest.mark.parametrize("data", [b"", b"\0", b"hello", b"%!PS-Adobe-3.0 EPSF-3.0", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_picture_is_called_so(data: bytes) -> None:
    assert reason_for(data) == "not_a_picture"


@pytest.mark.parametrize("file_format", ["GIF", "BMP", "TIFF", "AVIF", "JPEG2000", "PDF"])
def test_other_kinds_of_picture_are_told_apart_from_rubbish(file_format: str) -> None:
    assert reason_for(picture(file_format)) == "unsupported"


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_download_that_broke_off_is_noticed(file_format: str, kept: float) -> None:
    data = picture(file_format, 400, 300)
    assert reason_for(data[: int(len(data) * kept)]) == "truncated"


def test_a_header_that_promises_gigapixels_is_refused_before_any_is_made() -> None:
    assert reason_for(png_that_claims(100_000, 100_000)) == "too_many_pixels"
    assert reason_for(png_that_claims(9_000, 9_000)) == "too_many_pixels"


def test_a_file_beyond_what_telegram_hands_out_is_refused() -> None:
    assert reason_for(picture("JPEG") + b"\0" * MAX_BYTES) == "too_large"


def test_the_reason_survives_the_way_between_processes() -> None:
    assert pickle.loads(pickle.dumps(BrokenPicture("truncated"))).reason == "truncated"


@pytest.mark.realdata
@pytest.mark.skipif(not MALFORMED.exists(), reason="the malformed images are not beside the project")
def test_every_hostile_file_is_read_or_refused_with_a_reason() -> None:
    outcomes = []
    for path in sorted(MALFORMED.iterdir()):
        try:
            outcomes.append(inspect(path.read_bytes()).format)
        except BrokenPicture as broken:
            outcomes.append(broken.reason)
    assert len(outcomes) > 20
    assert set(outcomes) <= {"JPEG", "PNG", "unsupported", "not_a_picture", "truncated"}
