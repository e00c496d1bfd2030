"""What worker processes draw; what draws is imported inside: whoever only names these functions has no use for it."""

from bot.media.maps import VisitMap


def draw_visit_map(seen: VisitMap) -> bytes:
    """A PNG of 800 pixels in width. Raises `NothingToDraw`."""
    from bot.media.map_drawing import drawn

    return drawn(seen)
