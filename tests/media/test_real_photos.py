"""What docs/photos.md says of real photos still holds."""

import re

import pytest
from photo_copies import COPIES
from photos_report import PAGE, SHELVES, read, recall, strangers

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not SHELVES.is_dir(), reason="needs the public photos of shelves beside the project"),
]
EACH = 16  # of the photos one in so many, or it would take a minute; its copies are the same as on the page


def test_copies_of_real_photos_are_known_again_as_the_page_says() -> None:
    gallery, said = read(SHELVES), PAGE.read_text(encoding="utf-8")
    few = range(0, len(gallery.photos), EACH)
    for name, change in COPIES.items():
        assert f"| {name} | 33 of 33 | 33 of 33 |" in said
        assert recall(gallery, few, change, name) == (len(few), len(few)), name


def test_no_stranger_is_taken_for_a_copy_in_ten_thousand_pairs() -> None:
    pairs, _, confirmed = strangers(read(SHELVES))
    assert (pairs, confirmed) == (528, 0)
    ((all_pairs, wrong),) = re.findall(
        r"make ([\d,]+) pairs of\n.*\*\*(\d+) confirmed", PAGE.read_text(encoding="utf-8")
    )
    assert int(wrong) <= int(all_pairs.replace(",", "")) / 10_000
