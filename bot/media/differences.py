"""What was done to one of our marked photos: laid over the copy that we keep, where do the two differ?"""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.media import qr
from bot.media.alteration import SIDES, Altered, Area
from bot.media.develop import develop, jpeg
from bot.media.overlay import WHOLE, Box, fitted, kept, shown

_MOST_PIXELS = 4_000_000
_STRANGE = 0.4
_NEARLY = 0.03  # of a side; a guess nearer to the whole is the whole
_CUT = 0.012  # of a side; less is a matter of rounding
_SIDE = 640  # pixels of the long side in which places are looked for
_CELL = 8  # pixels of it
_TOLERANCE = (18, 14)  # of 255: what another JPEG may do to brightness and to colour
_MARKED = 3.0  # of 255, the mean of a cell beyond the tolerance
_LEAST_CELLS = 2  # touching each other
_BRIGHTER = 6  # percent; a JPEG changes it by less
_SHOWN = 1280  # pixels of the long side of what is shown
_RED, _WHITE, _DIM = (230, 40, 40), (255, 255, 255), 0.30


def altered(sent: bytes, ours: bytes, guess: Box = WHOLE) -> Altered:
    """How a picture differs from the marked copy that we keep; BrokenPicture if it is none.

    The `guess` where it lies is for one whose code cannot be read.
    """
    if sent == ours:
        return Altered(is_ours_bytes=True)
    original = develop(ours, _MOST_PIXELS)
    copy, place = _upright(develop(sent, _MOST_PIXELS), original, guess)
    fit = fitted(copy.convert("L"), original.convert("L"), place)
    if fit.strangeness > _STRANGE:
        return Altered(is_other=True)
    cut = _cut(fit.box)
    is_framed = any(edge < -_CUT for edge in fit.box[:2]) or any(edge > 1 + _CUT for edge in fit.box[2:])
    seen, known = _side_by_side(copy, original, fit.box)
    brighter = _brighter(seen, known)
    areas = _areas(_differing(seen, known), shown(fit.box))
    picture = None
    if areas:
        picture = _with_frames(copy, areas)
    elif cut:
        picture = _with_rest_dimmed(original, kept(fit.box))
    return Altered(cut=cut, is_framed=is_framed, areas=areas, brighter=brighter, picture=picture)


def _upright(copy: Image.Image, original: Image.Image, guess: Box) -> tuple[Image.Image, Box]:
    """The copy turned as its code stands in ours, and where it lies, told from the two codes alone."""
    ours = next(iter(qr.find(original)), None)
    for turn in (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270):
        turned = copy if turn is None else copy.transpose(turn)
        theirs = [code for code in qr.find(turned) if ours is not None and code.text == ours.text]
        if ours is not None and theirs and theirs[0].is_upright:
            return turned, _guess(theirs[0], turned.size, ours, original.size)
    return copy, guess


def _guess(theirs: qr.Found, size: tuple[int, int], ours: qr.Found, full: tuple[int, int]) -> Box:
    """Where the copy's edges lie in ours, if its code lies on our code."""
    edges = []
    for axis in (0, 1):
        there, here = theirs.span(axis), ours.span(axis)
        scale = (here[1] - here[0]) / (there[1] - there[0])
        first = here[0] - there[0] * scale
        edges.append((first / full[axis], (first + size[axis] * scale) / full[axis]))
    box = edges[0][0], edges[1][0], edges[0][1], edges[1][1]
    is_whole = all(abs(edge - whole) < _NEARLY for edge, whole in zip(box, WHOLE, strict=True))
    return WHOLE if is_whole else box


def _cut(box: Box) -> dict[str, int]:
    lost = box[0], box[1], 1 - box[2], 1 - box[3]
    return {side: max(1, round(share * 100)) for side, share in zip(SIDES, lost, strict=True) if share > _CUT}


def _side_by_side(copy: Image.Image, original: Image.Image, box: Box) -> tuple[Image.Image, Image.Image]:
    """What both show, in the same number of pixels."""
    part = copy.crop(_pixels(shown(box), copy.size))
    edges = tuple(share * side for share, side in zip(kept(box), original.size * 2, strict=True))
    finest = min(part.width, edges[2] - edges[0])  # of the two; the coarser one has no more to say
    scale = min(finest, _SIDE * part.width / max(part.size)) / part.width
    size = max(_CELL, round(part.width * scale)), max(_CELL, round(part.height * scale))
    return (
        part.resize(size, Image.Resampling.BOX),
        original.resize(size, Image.Resampling.BOX, box=(edges[0], edges[1], edges[2], edges[3])),
    )


def _pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(share * side) for share, side in zip(box, size * 2, strict=True))
    return left, top, max(left + 1, right), max(top + 1, bottom)


# --- where they differ ------------------------------------------------------------------------


def _differing(seen: Image.Image, known: Image.Image) -> Image.Image:
    """For each cell by how much the two differ, beyond what JPEG and a pixel's shift explain ("L")."""
    pairs = zip(_toned(known, seen).convert("YCbCr").split(), seen.convert("YCbCr").split(), strict=True)
    beyond = None
    for channel, (mine, theirs) in enumerate(pairs):
        soft = [band.filter(ImageFilter.BoxBlur(1 if channel == 0 else 2)) for band in (mine, theirs)]
        one, other = soft
        far = ImageChops.lighter(_outside(one, other), _outside(other, one))
        far = far.point([max(0, value - _TOLERANCE[min(channel, 1)]) for value in range(256)])
        beyond = far if beyond is None else ImageChops.lighter(beyond, far)
    assert beyond is not None
    cells = max(1, beyond.width // _CELL), max(1, beyond.height // _CELL)
    return beyond.resize(cells, Image.Resampling.BOX)


def _outside(one: Image.Image, other: Image.Image) -> Image.Image:
    """By how much each pixel lies outside of what the other picture has around that place."""
    low, high = other.filter(ImageFilter.MinFilter(3)), other.filter(ImageFilter.MaxFilter(3))
    return ImageChops.lighter(ImageChops.subtract(one, high), ImageChops.subtract(low, one))


def _toned(known: Image.Image, seen: Image.Image) -> Image.Image:
    """Ours as light as the other one, channel by channel: what fills half of the picture decides, not what is on it."""
    table: list[int] = []
    for mine, theirs in zip(known.split(), seen.split(), strict=True):
        gain, offset = _tone(mine, theirs)
        table += [min(255, max(0, round(value * gain + offset))) for value in range(256)]
    return known.point(table)


def _tone(mine: Image.Image, theirs: Image.Image) -> tuple[float, float]:
    """The straight line that leads from one's shades to the other's, where neither is burnt out."""
    pairs = [
        (one, other)
        for one, other in zip(_shades(mine), _shades(theirs), strict=True)
        if 8 < one < 247 and 8 < other < 247
    ]
    if len(pairs) < 3:
        return 1.0, 0.0
    mean_one, mean_other = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    spread = sum((one - mean_one) ** 2 for one, _ in pairs)
    gain = sum((one - mean_one) * (other - mean_other) for one, other in pairs) / spread if spread > 200 else 1.0
    gain = min(2.0, max(0.5, gain))
    return gain, mean_other - gain * mean_one


def _shades(channel: Image.Image) -> list[int]:
    """The shade that each tenth of the pixels is darker than."""
    counts, wanted, found, below = channel.histogram(), list(range(1, 10)), [], 0
    pixels = channel.width * channel.height
    for shade, count in enumerate(counts):
        below += count
        while wanted and below * 10 >= wanted[0] * pixels:
            found.append(shade)
            wanted.pop(0)
    return found


def _brighter(seen: Image.Image, known: Image.Image) -> int:
    """By how many percent of the whole range the middle shades are lighter than ours; 0 where JPEG may have done it."""
    pairs = zip(_shades(seen.convert("L")), _shades(known.convert("L")), strict=True)
    shifts = sorted(one - other for one, other in pairs)
    percent = round(shifts[len(shifts) // 2] / 2.55)
    return percent if abs(percent) >= _BRIGHTER else 0


def _areas(cells: Image.Image, part: Box) -> tuple[Area, ...]:
    """The cells that differ, gathered where they touch; `part` of the picture is what the cells divide."""
    width, height = cells.size
    values = cells.tobytes()
    left = {at for at, value in enumerate(values) if value >= _MARKED}
    found = []
    while left:
        group = _touching(left, left.pop(), width)
        if len(group) < _LEAST_CELLS:
            continue
        columns, rows = [at % width for at in group], [at // width for at in group]
        edges = min(columns) / width, min(rows) / height, (max(columns) + 1) / width, (max(rows) + 1) / height
        wide, high = part[2] - part[0], part[3] - part[1]
        x, y = (part[0] + edge * wide for edge in edges[::2]), (part[1] + edge * high for edge in edges[1::2])
        (x0, x1), (y0, y1) = x, y
        found.append(Area(x0, y0, x1, y1))
    return tuple(sorted(found, key=lambda area: -area.share))


def _touching(left: set[int], first: int, width: int) -> list[int]:
    """Those that hang together with the first one; they are taken from `left`."""
    group = [first]
    for at in group:
        column = at % width
        for aside in (-1, 0, 1):
            for row in (-width, 0, width):
                other = at + aside + row
                if other in left and 0 <= column + aside < width:
                    left.remove(other)
                    group.append(other)
    return group


# --- for the eye ------------------------------------------------------------------------------


def _with_frames(copy: Image.Image, areas: tuple[Area, ...]) -> bytes:
    picture = copy.copy()
    picture.thumbnail((_SHOWN, _SHOWN))
    draw, pen = ImageDraw.Draw(picture), _pen(picture)
    for area in areas:
        frame = [
            area.left * picture.width - 2 * pen,
            area.top * picture.height - 2 * pen,
            area.right * picture.width + 2 * pen,
            area.bottom * picture.height + 2 * pen,
        ]
        draw.rectangle([edge + (pen if at > 1 else -pen) for at, edge in enumerate(frame)], outline=_WHITE, width=pen)
        draw.rectangle(frame, outline=_RED, width=pen)
    return jpeg(picture, 85)


def _with_rest_dimmed(original: Image.Image, box: Box) -> bytes:
    picture = original.copy()
    picture.thumbnail((_SHOWN, _SHOWN))
    edges = _pixels(box, picture.size)
    dim = picture.point(lambda value: value * _DIM)
    dim.paste(picture.crop(edges), edges[:2])
    ImageDraw.Draw(dim).rectangle(
        (edges[0], edges[1], edges[2] - 1, edges[3] - 1), outline=_RED, width=max(2, max(dim.size) // 260)
    )
    return jpeg(dim, 85)


def _pen(picture: Image.Image) -> int:
    """Pixels of a line that is seen on a telephone."""
    return max(2, max(picture.size) // 260)
