"""Finds the photo inside a screenshot: what is around it is of one colour, with some letters and signs on it."""

from itertools import groupby

from PIL import Image

_SIDE = 160  # pixels of the longer side
_SAME = 4  # of 255: shades that count as the frame's own
_PLAIN = 0.6  # a line of which so much is of the frame's colour is frame
_LEAST = 0.2  # of a side; less is no photo
_ALL = 0.97  # of the area; then there is no frame


def framed(photo: Image.Image) -> tuple[int, int, int, int] | None:
    """The box of the photo inside a frame; None where there is none. The picture is grey (L)."""
    scale = min(1.0, _SIDE / max(photo.size))
    small = photo.resize(
        (max(1, round(photo.width * scale)), max(1, round(photo.height * scale))), Image.Resampling.BOX
    )
    top, bottom = _busy(small)
    if bottom - top < small.height * _LEAST:
        return None
    left, right = _busy(small.crop((0, top, small.width, bottom)).transpose(Image.Transpose.TRANSPOSE))
    if right - left < small.width * _LEAST or (right - left) * (bottom - top) > _ALL * small.width * small.height:
        return None
    across, down = photo.width / small.width, photo.height / small.height
    return round(left * across), round(top * down), round(right * across), round(bottom * down)


def _busy(picture: Image.Image) -> tuple[int, int]:
    """The longest run of rows that are not frame: the first of them, and the first behind them."""
    pixels, width = picture.tobytes(), picture.width
    lines = [pixels[at : at + width] for at in range(0, len(pixels), width)]
    shades = {_middle(lines[0]), _middle(lines[-1])}
    runs, at = [(0, 0)], 0
    for is_frame, group in groupby(any(_is_plain(line, shade) for shade in shades) for line in lines):
        length = len(list(group))
        if not is_frame:
            runs.append((at, at + length))
        at += length
    return max(runs, key=lambda run: run[1] - run[0])


def _middle(line: bytes) -> int:
    return sorted(line)[len(line) // 2]


def _is_plain(line: bytes, shade: int) -> bool:
    return sum(shade - _SAME <= one <= shade + _SAME for one in line) >= _PLAIN * len(line)
