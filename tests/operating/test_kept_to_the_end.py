"""What a serving process has built stays to its end, and costs its steps nothing."""

import gc

from bot.lifetime import YOUNG, keep_what_stands


def test_what_stands_is_not_looked_through_again_and_what_comes_later_is() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.disable()  # as `rounds run` does while it imports
    try:
        keep_what_stands()
        assert gc.get_freeze_count() > frozen + 10_000
        assert gc.isenabled() and gc.get_threshold()[0] == YOUNG
        circle: list[object] = []
        circle.append(circle)
        del circle
        assert gc.collect() >= 1, "garbage that is made at work is still found"
    finally:
        gc.enable()
        gc.set_threshold(*before)
        gc.unfreeze()
