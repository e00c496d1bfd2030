"""What was done to one of our marked photos before it came back: the words of those who never open one."""

from dataclasses import dataclass, field

SIDES = ("left", "top", "right", "bottom")


@dataclass(frozen=True)
class Area:
    """A place of the picture that was sent, in shares of its width and height."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def share(self) -> float:
        """Of the whole picture."""
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True)
class Altered:
    """How a picture differs from what we keep; nothing set: it shows the same, compressed anew or resized at most.

    `is_ours_bytes`: not a byte differs. `is_other`: it cannot be laid over ours at all. `cut`: what is missing of
    ours, in percent of its width or height, by side. `is_framed`: there is something around it, as in a screenshot.
    `areas`: what was painted over, the largest first. `brighter`: in percent, negative if darker. `picture` shows it
    to the eye (JPEG): the areas framed on what was sent, or what is left of ours.
    """

    is_ours_bytes: bool = False
    is_other: bool = False
    cut: dict[str, int] = field(default_factory=dict)
    is_framed: bool = False
    areas: tuple[Area, ...] = ()
    brighter: int = 0
    picture: bytes | None = None
