"""Draws a shop's shelf as a rep would photograph it: boards, rows of invented drinks, price tags, and some gaps."""

import io
import math
import random
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.media.fonts import font

WIDTH, HEIGHT = 1280, 960  # what Telegram makes of a photo
QUALITY = 86
_INSET = 34  # pixels lost on each side, so that no corner of an askew picture is empty

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Drink:
    """A product of the shelf; `shape` is bottle, can or box."""

    shape: str
    body: Colour
    paper: Colour
    name: str
    kind: str


OWN = (
    Drink("bottle", (46, 139, 110), (244, 248, 240), "云阶", "茉莉 JASMINE"),
    Drink("bottle", (214, 138, 42), (253, 246, 230), "云阶", "青柑 GREEN ORANGE"),
    Drink("bottle", (63, 99, 168), (240, 245, 252), "云阶", "无糖 SUGAR-FREE"),
)
OTHERS = (
    Drink("can", (198, 62, 74), (250, 240, 232), "MOMO", "cola"),
    Drink("can", (241, 184, 57), (120, 58, 20), "Juni", "mango"),
    Drink("box", (120, 82, 172), (245, 238, 252), "田七分", "豆奶"),
    Drink("box", (24, 122, 150), (232, 247, 248), "Plum+", "oat"),
    Drink("bottle", (96, 172, 214), (250, 252, 253), "泉眼", "WATER"),
    Drink("can", (52, 62, 78), (232, 196, 92), "NORD", "coffee"),
)
_SIZES = {"bottle": (66, 190), "can": (70, 128), "box": (92, 156)}


def draw_shelf(seed: int, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    """A JPEG of a shelf that is the same for the same seed, with the company's own drinks at eye level."""
    luck = random.Random(seed)  # noqa: S311 - a picture, no secret
    scene = _wall(luck)
    boards = 4
    room = (HEIGHT - 40) // boards
    for board in range(boards):
        floor = 20 + room * (board + 1) - 44
        scene.paste(_shade(WIDTH, 90), (0, floor - room + 44), _shade(WIDTH, 90))
        _fill(scene, luck, floor, OWN if board == 1 else OTHERS)
        _board(scene, luck, floor)
    return _taken(scene, luck, size)


def _wall(luck: random.Random) -> Image.Image:
    warm = luck.randint(-8, 8)
    top, bottom = (196 + warm, 200, 202 - warm), (150 + warm, 154, 158 - warm)
    ramp = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    return Image.composite(Image.new("RGB", ramp.size, bottom), Image.new("RGB", ramp.size, top), ramp)


@lru_cache(maxsize=4)
def _shade(width: int, height: int) -> Image.Image:
    """The shadow under the board above, fading downwards."""
    dark = Image.linear_gradient("L").transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((width, height))
    shadow = Image.new("RGBA", (width, height), (10, 12, 18, 255))
    shadow.putalpha(dark.point(lambda value: value * 120 // 255))
    return shadow


def _fill(scene: Image.Image, luck: random.Random, floor: int, drinks: tuple[Drink, ...]) -> None:
    """Rows of facings from left to right; some spaces are sold out."""
    left = luck.randint(14, 40)
    while left < WIDTH - 110:
        drink = luck.choice(drinks)
        tile = _facing(drink)
        for _ in range(luck.randint(3, 5)):
            if left + tile.width > WIDTH - 16:
                break
            if luck.random() > 0.07:
                scene.paste(tile, (left, floor - tile.height + luck.randint(0, 3)), tile)
            left += tile.width + luck.randint(3, 7)
        left += luck.randint(6, 30)


@lru_cache(maxsize=32)
def _facing(drink: Drink) -> Image.Image:
    """One product from the front, with light from the left."""
    width, height = _SIZES[drink.shape]
    tile = Image.new("RGBA", (width, height + 4), (0, 0, 0, 0))
    draw = ImageDraw.Draw(tile)
    draw.ellipse((2, height - 10, width - 2, height + 3), fill=(10, 12, 16, 120))
    match drink.shape:
        case "bottle":
            draw.rounded_rectangle((0, 52, width - 1, height), 14, drink.body)
            draw.polygon([(width * 0.32, 26), (width * 0.68, 26), (width - 5, 66), (5, 66)], drink.body)
            draw.rounded_rectangle((width * 0.3, 4, width * 0.7, 30), 5, drink.paper)
            paper = (0, 84, width, 158)
        case "can":
            draw.rounded_rectangle((3, 2, width - 4, height), 10, (202, 206, 210))
            draw.rounded_rectangle((0, 9, width - 1, height - 7), 11, drink.body)
            paper = (0, 34, width, 92)
        case _:
            draw.rectangle((0, 4, width - 1, height), drink.body)
            draw.polygon([(0, 4), (width * 0.5, -14), (width - 1, 4)], drink.paper)
            paper = (8, 40, width - 8, 112)
    draw.rectangle(paper, drink.paper)
    middle = (paper[0] + paper[2]) / 2
    _centred(draw, middle, paper[1] + (paper[3] - paper[1]) * 0.40, drink.name, drink.body, 26, width - 8)
    _centred(draw, middle, paper[1] + (paper[3] - paper[1]) * 0.78, drink.kind, drink.body, 12, width - 8)
    return _lit(tile)


def _centred(
    draw: ImageDraw.ImageDraw, middle: float, line: float, text: str, colour: Colour, size: int, room: float
) -> None:
    """Text around a point, smaller where the paper has no room for it."""
    while size > 7 and _letters(size).getlength(text) > room:
        size -= 1
    draw.text((middle, line), text, fill=colour, font=_letters(size), anchor="mm")


def _letters(size: int) -> ImageFont.FreeTypeFont:
    return font(0, size, shaped=False)


def _lit(tile: Image.Image) -> Image.Image:
    """A bright stripe at a third of the width, and dark edges: what makes a flat shape round."""
    light = Image.new("L", (tile.width, 1))
    light.putdata([_brightness(x / tile.width) for x in range(tile.width)])
    light = light.resize(tile.size)
    white, black = (Image.new("RGB", tile.size, shade) for shade in ("white", "black"))
    flat = tile.convert("RGB")
    flat = Image.composite(white, flat, light.point(lambda value: max(0, value - 128)))
    flat = Image.composite(black, flat, light.point(lambda value: max(0, 128 - value)))
    flat.putalpha(tile.getchannel("A"))
    return flat


def _brightness(across: float) -> int:
    """128 is as painted; above it lighter, below it darker."""
    if across < 0.12:
        return 128 - round(60 * (0.12 - across) / 0.12)
    if across < 0.42:
        return 128 + round(70 * (1 - abs(across - 0.27) / 0.15))
    return 128 - round(70 * max(0.0, across - 0.6) / 0.4)


def _board(scene: Image.Image, luck: random.Random, floor: int) -> None:
    """The edge of a board with its price tags."""
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, floor, WIDTH, floor + 40), (236, 238, 237))
    draw.rectangle((0, floor + 36, WIDTH, floor + 44), (176, 180, 180))
    left = luck.randint(30, 90)
    while left < WIDTH - 100:
        special = luck.random() < 0.2
        draw.rounded_rectangle((left, floor + 5, left + 78, floor + 33), 4, (255, 222, 70) if special else "white")
        price = f"¥{luck.randint(3, 19)}.{luck.choice(('0', '5', '8'))}"
        draw.text((left + 39, floor + 19), price, (186, 30, 40) if special else (44, 52, 60), _letters(19), "mm")
        left += luck.randint(150, 260)


def _taken(scene: Image.Image, luck: random.Random, size: tuple[int, int]) -> bytes:
    """As a phone would have it: held a little askew, dark in the corners, with some grain."""
    askew = math.radians(luck.uniform(-1.4, 1.4))
    scale = (WIDTH - 2 * _INSET) / size[0]
    cos, sin = scale * math.cos(askew), scale * math.sin(askew)
    left = WIDTH / 2 - (cos * size[0] + sin * size[1]) / 2
    top = HEIGHT / 2 - (cos * size[1] - sin * size[0]) / 2
    held = (cos, sin, left, -sin, cos, top)
    scene = scene.transform(size, Image.Transform.AFFINE, held, Image.Resampling.BILINEAR)
    scene = Image.composite(Image.new("RGB", size, (14, 12, 20)), scene, _corners(size))
    scene = Image.blend(scene, _grain(size), 0.05)
    file = io.BytesIO()
    scene.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


@lru_cache(maxsize=2)
def _corners(size: tuple[int, int]) -> Image.Image:
    return Image.radial_gradient("L").resize(size).point(lambda value: max(0, value - 110) * 2 // 3)


@lru_cache(maxsize=2)
def _grain(size: tuple[int, int]) -> Image.Image:
    grain = Image.effect_noise(size, 14).filter(ImageFilter.GaussianBlur(0.6))
    return Image.merge("RGB", (grain, grain, grain))
