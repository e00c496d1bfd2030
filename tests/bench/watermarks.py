"""Draws twenty marked photos of every shape and script into docs/watermarks.jpg, to be looked at.

Run `python tests/bench/watermarks.py`. The shelves are invented.
"""

import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere
sys.path.insert(0, str(Path(__file__).parents[1]))

from alterations import jpeg, link
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from bot.demo.shelf import draw_shelf
from bot.media.evidence import Mark
from bot.media.evidence_photo import codes_on, develop_photo
from bot.media.fonts import font

PAGE = Path(__file__).parents[2] / "docs" / "watermarks.jpg"
TELEGRAMS = 1280  # pixels of the long side that a photo is reduced to
CELL, COLUMNS, CAPTION = 400, 5, 26
WHEN = "2026-11-23 09:00 (UTC+8)"
CHINESE = Mark(
    "重庆长乐银行", (WHEN, "王小明 +86 138 0013 8000", "重庆市渝中区民生路123号", "29.56120, 106.57700", "拜访 #1042")
)
LATIN = Mark("Café Łódź & Søn", (WHEN, "Łukasz Żak +46 70 123 45 67", "Storgatan 5, 111 23 Stockholm", "Visit #7"))
ARABIC = Mark(
    "مخبز الميناء", (WHEN, "أحمد علي +971 50 123 4567", "شارع الشيخ زايد 12، دبي", "25.20480, 55.27080", "Visit #31")
)
HEBREW = Mark("מאפיית הנמל", (WHEN, "דנה לוי +972 50 123 4567", "רחוב הנמל 3, חיפה", "Visit #32"))
THAI = Mark("ร้านน้ำชาริมท่า", (WHEN, "สมชาย ใจดี +66 81 234 5678", "Visit #33"))
ENDLESS = Mark(
    "华联超市连锁有限责任公司重庆市渝中区解放碑步行街旗舰店（原中兴路批发市场东门二号厅）" * 2,
    (WHEN, "Wolfeschlegelsteinhausenbergerdorff Maximiliana-Theodora +49 170 1234567", "长" * 90, "拜访 #99999"),
)
PLAIN = (1280, 960)
SHOWN: tuple[tuple[str, tuple[int, int], Mark, float], ...] = (
    ("1280 x 960, Chinese", PLAIN, CHINESE, 1),
    ("Latin", PLAIN, LATIN, 1),
    ("Arabic", PLAIN, ARABIC, 1),
    ("Hebrew", PLAIN, HEBREW, 1),
    ("Thai", PLAIN, THAI, 1),
    ("over-long names", PLAIN, ENDLESS, 1),
    ("portrait", (960, 1280), CHINESE, 1),
    ("portrait, Arabic", (960, 1280), ARABIC, 1),
    ("12 MP", (4000, 3000), CHINESE, 1),
    ("40 MP", (7300, 5480), LATIN, 1),
    ("40 MP, portrait", (5480, 7300), CHINESE, 1),
    ("panorama", (6000, 1500), CHINESE, 1),
    ("strip of 10 : 1", (6000, 600), LATIN, 1),
    ("strip of 1 : 5", (600, 3000), CHINESE, 1),
    ("320 x 240", (320, 240), CHINESE, 1),
    ("240 x 320", (240, 320), LATIN, 1),
    ("320, over-long", (320, 320), ENDLESS, 1),
    ("160 x 120", (160, 120), CHINESE, 1),
    ("over-exposed", PLAIN, CHINESE, 4),
    ("in the dark", PLAIN, LATIN, 0.08),
)


def as_received(size: tuple[int, int], mark: Mark, light: float, number: int) -> Image.Image:
    """The marked photo as somebody sees it who got it from Telegram; its code is read back, or it is no good."""
    shelf = ImageOps.fit(Image.open(io.BytesIO(draw_shelf(number, PLAIN))), size)
    shelf = ImageEnhance.Brightness(shelf).enhance(light)
    text = link(number)
    copy = Image.open(io.BytesIO(develop_photo(jpeg(shelf, 88), Mark(mark.headline, mark.lines, text)).sendable))
    copy.thumbnail((TELEGRAMS, TELEGRAMS), Image.Resampling.LANCZOS)
    received = jpeg(copy, 60)
    assert codes_on(received) == (text,), f"the code on {size} is not read"
    return Image.open(io.BytesIO(received)).convert("RGB")


def main() -> None:
    rows = -(-len(SHOWN) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * CELL, rows * (CELL + CAPTION)), "white")
    draw, letters = ImageDraw.Draw(sheet), font(0, 15, shaped=False)
    for at, (name, size, mark, light) in enumerate(SHOWN):
        picture = as_received(size, mark, light, at + 1)
        picture.thumbnail((CELL - 12, CELL - 12), Image.Resampling.LANCZOS)
        left, top = at % COLUMNS * CELL + 6, at // COLUMNS * (CELL + CAPTION)
        draw.text((left, top + 4), name, fill=(40, 40, 40), font=letters)
        sheet.paste(picture, (left, top + CAPTION))
    sheet.save(PAGE, "JPEG", quality=80, optimize=True)


if __name__ == "__main__":
    main()
