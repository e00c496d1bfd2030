"""The picture of a visit's place: true to scale, north up, whatever the phone said."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from bot.domain.geography import Point, distance
from bot.media.drawings import draw_visit_map
from bot.media.map_drawing import said_length
from bot.media.maps import NothingToDraw, Spot, VisitMap

SHOP = Point(31.2304, 121.4737)
WORDS = {
    "north": "N",
    "fence": "Fence",
    "check_in": "Check-in",
    "check_out": "Check-out",
    "track": "Live",
    "gap": "Nothing came in",
}
GREEN, ORANGE, PURPLE, BLUE = (31, 122, 68), (211, 84, 0), (125, 60, 152), (43, 108, 212)
TOP, SIDE = 106, 800  # where the ground begins, and its pixels


def by(metres_east: float, metres_north: float, of: Point = SHOP) -> Point:
    longitude = of.longitude + metres_east / (111_195 * 0.85508)
    return Point(of.latitude + metres_north / 111_195, (longitude + 180) % 360 - 180)


A_VISIT = VisitMap("金桥路便利店", "Li Na", WORDS, SHOP, 200, Spot(SHOP, 25))


def drawn(seen: VisitMap) -> Image.Image:
    return Image.open(io.BytesIO(draw_visit_map(seen)), formats=("PNG",)).convert("RGB")


def places_of(picture: Image.Image, colour: tuple[int, int, int]) -> list[tuple[int, int]]:
    """Every pixel of that very colour on the ground, not in the legend."""
    ground = picture.crop((0, TOP, SIDE, TOP + SIDE))
    return [(at % SIDE, at // SIDE) for at, seen in enumerate(ground.get_flattened_data()) if seen == colour]


def middle(places: list[tuple[int, int]]) -> tuple[float, float]:
    east, south = zip(*places, strict=True)
    return (min(east) + max(east)) / 2, (min(south) + max(south)) / 2


def test_a_check_in_north_east_of_the_customer_stands_above_and_right_of_him() -> None:
    picture = drawn(replace(A_VISIT, check_in=Spot(by(90, 90))))
    customer, check_in = middle(places_of(picture, GREEN)), middle(places_of(picture, ORANGE))
    assert check_in[0] > customer[0] + 50 and check_in[1] < customer[1] - 50


def test_pixels_are_metres_in_both_directions_and_as_many_as_the_fence_says() -> None:
    def apart(seen: VisitMap) -> tuple[float, float]:
        picture = drawn(seen)
        one, other = middle(places_of(picture, ORANGE)), middle(places_of(picture, PURPLE))
        return other[0] - one[0], one[1] - other[1]

    east, _ = apart(replace(A_VISIT, check_in=Spot(by(-150, 0)), check_out=Spot(by(150, 0))))
    _, north = apart(replace(A_VISIT, check_in=Spot(by(0, -150)), check_out=Spot(by(0, 150))))
    assert east == pytest.approx(north, abs=3)
    assert east == pytest.approx(300 * SIDE / (2 * 200 * 1.12), abs=4)  # the fence of 400 m fills all but the margin


@pytest.mark.parametrize("metres", [0, 10])
def test_a_check_out_where_the_check_in_was_is_seen_beside_it(metres: float) -> None:
    picture = drawn(replace(A_VISIT, check_out=Spot(by(-metres, 0))))
    check_in, check_out = middle(places_of(picture, ORANGE)), middle(places_of(picture, PURPLE))
    assert check_out == pytest.approx((check_in[0] + 40, check_in[1]), abs=3)


def test_a_place_across_the_date_line_is_next_door() -> None:
    shop = Point(-16.8, 179.9999)
    check_in = Point(-16.8, -179.9999)
    assert distance(shop, check_in) < 25
    picture = drawn(replace(A_VISIT, customer=shop, check_in=Spot(check_in)))
    customer, rep = middle(places_of(picture, GREEN)), middle(places_of(picture, ORANGE))
    assert 10 < rep[0] - customer[0] < 80


def test_pieces_of_a_track_are_not_joined_by_what_nobody_saw() -> None:
    west, east = [Spot(by(-150, 0)), Spot(by(-100, 0))], [Spot(by(100, 0)), Spot(by(150, 0))]
    in_pieces = drawn(replace(A_VISIT, check_in=None, track=[west, east]))
    in_one = drawn(replace(A_VISIT, check_in=None, track=[[*west, *east]]))
    blue = [len(places_of(picture, BLUE)) for picture in (in_pieces, in_one)]
    assert blue[0] < blue[1] * 0.6


def test_a_far_check_in_and_a_very_uncertain_one_are_both_on_the_picture_with_the_customer() -> None:
    for check_in in (Spot(by(-40_000, 9_000)), Spot(by(300, 0), 5_000.0)):
        picture = drawn(replace(A_VISIT, check_in=check_in))
        assert places_of(picture, GREEN) and places_of(picture, ORANGE)


def test_a_day_of_fixes_is_drawn_as_readily_as_ten() -> None:
    track = [Spot(by(number % 90, number % 70), 20.0) for number in range(3_000)]
    assert places_of(drawn(replace(A_VISIT, track=[track])), BLUE)


@pytest.mark.parametrize("name", ["</text><script>", "اسم طويل " * 30, "🏪\x00\u202e店", "&amp;" * 80, ""])
def test_any_name_is_drawn_and_none_breaks_the_picture(name: str) -> None:
    assert drawn(replace(A_VISIT, title=name, subtitle=name)).width == SIDE


def test_a_customer_without_a_place_leaves_the_check_in_alone_on_it() -> None:
    picture = drawn(replace(A_VISIT, customer=None))
    assert places_of(picture, ORANGE) and not places_of(picture, GREEN)


def test_without_any_place_there_is_nothing_to_draw() -> None:
    with pytest.raises(NothingToDraw):
        draw_visit_map(replace(A_VISIT, customer=None, check_in=None))


@pytest.mark.parametrize(
    ("metres", "said"),
    [(0.2, "1 m"), (200, "200 m"), (999.5, "1 km"), (1000, "1 km"), (1260, "1.3 km"), (12_400, "12 km")],
)
def test_a_length_is_said_as_on_a_map(metres: float, said: str) -> None:
    assert said_length(metres) == said
