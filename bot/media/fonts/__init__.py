"""Which font draws which letter: Noto Sans SC first, then the small ones beside this file."""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont
from pylopdf_fonts_zh_cn import sans_path

_HERE = Path(__file__).parent
# In order of preference. The first is the face of the product; the others draw what it lacks.
FACES: tuple[Path, ...] = (
    sans_path(),
    _HERE / "NotoSans-European.ttf",
    _HERE / "NotoSans-Arabic.ttf",
    _HERE / "NotoSans-Hebrew.ttf",
    _HERE / "NotoSans-Thai.ttf",
)
_PROBE = 16  # pixels; large enough that no letter looks like the box that stands for a missing one


@lru_cache(maxsize=64)
def font(face: int, size: int, *, shaped: bool) -> ImageFont.FreeTypeFont:
    """Face number `face` at `size` pixels; `shaped` asks for the complex layout, which not every machine has."""
    engine = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(str(FACES[face]), size, layout_engine=engine)


@lru_cache(maxsize=16_384)
def draws(face: int, letter: str) -> bool:
    """Whether the face has a glyph of its own for the letter, seen by drawing it: Pillow cannot read a font's table."""
    return _drawn(face, letter) != _box(face)


def face_for(text: str) -> int | None:
    """The first face that draws all of `text`; None if none does."""
    return next((face for face in range(len(FACES)) if all(draws(face, letter) for letter in text)), None)


@lru_cache(maxsize=len(FACES))
def _box(face: int) -> tuple[tuple[int, int], bytes]:
    return _drawn(face, "\uffff")  # never a letter, so every font shows its box


def _drawn(face: int, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font(face, _PROBE, shaped=False).getmask(letter)
    return mask.size, bytes(mask)
