"""What buttons and figures carry: every choice fits into Telegram's 64 bytes, and a number is read as it was meant."""

from collections.abc import Iterator

import pytest
from button_choices import Choice, every_choice

from bot.domain.policy import DECLARATIONS
from bot.domain.policy_offers import offers
from bot.domain.sop_checking import ID_MOST
from bot.rendering.formats import number
from bot.rendering.keyboard import CALLBACK_LIMIT, Keyboard, Place, pressed

NUMBER = "9" * 10  # more rows than a company writes in its life; a day and a short word are no longer
WORD = "w" * ID_MOST  # a checklist's own id, which stands alone
REVISION = 99_999
LEVELS = ("", "@t999999", "@c9999999")  # the longest codes of a policy's levels


def longest(choice: Choice) -> Iterator[str]:
    """What a button gives at most."""
    if choice.flow == "policy" and "*" in choice.pattern:
        verb, _, values = choice.pattern.partition(":")
        yield from (f"{verb}:{text}" for text in _of_policies(with_value=":" in values))
    elif choice.pattern.count("*") == 1:
        yield choice.pattern.replace("*", WORD)
    else:
        yield choice.pattern.replace("*", NUMBER)


def _of_policies(*, with_value: bool) -> Iterator[str]:
    for declaration in DECLARATIONS.values():
        offered = [f":{offer.value or ''}" for offer in offers(declaration, declaration.default)] if with_value else []
        yield from (f"{declaration.key}{level}{value}" for level in LEVELS for value in offered or [""])


def test_every_button_fits_and_comes_back_as_it_was() -> None:
    for choice in every_choice():
        subject = int(NUMBER) if choice.placed or choice.about else 0
        place = Place(choice.flow, subject, REVISION if choice.placed else 0)
        for gives in longest(choice):
            keyboard = Keyboard(place)
            keyboard.button("A label", gives)
            markup = keyboard.markup()
            assert markup is not None
            callback = markup["inline_keyboard"][0][0]["callback_data"]
            assert len(callback.encode()) <= CALLBACK_LIMIT
            assert pressed(callback) == (place.flow, place.subject, place.revision, gives)


def test_a_button_that_would_not_fit_is_not_made() -> None:
    with pytest.raises(ValueError, match="longer than 64 bytes"):
        Keyboard(Place("visit", 1, 1)).button("A label", "x" * CALLBACK_LIMIT)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        *[(24, "24"), (3.5, "3.5"), (10 / 3, "3.33333"), (2026, "2026"), (9999, "9999"), (-3, "-3")],
        *[(99999, "99,999"), (123456.7, "123,456.7"), (1234567.5, "1,234,567.5"), (-10000, "-10,000")],
    ],
)
def test_a_large_number_is_read_in_groups_and_a_year_is_not(value: float, read: str) -> None:
    assert number(value) == read


@pytest.mark.parametrize(
    "data", ["live:1:1:left-99999999999999999999", "people:²:0:open", "team:1:0:to-٣", "a:1:0:" + "9" * 16]
)
def test_a_forged_number_that_no_store_could_take_is_nobodys_button(data: str) -> None:
    assert pressed(data) is None


def test_the_largest_ids_that_there_are_come_back() -> None:
    telegrams, instant = 2**49, 4_102_444_800_000
    assert pressed(f"people:{telegrams}:7:found.王-{instant}") == ("people", telegrams, 7, f"found.王-{instant}")
