"""A list names its owners as people name each other."""

import pytest

from bot.domain.customer_owners import Owner, Owners

OWNERS = Owners.of(
    [
        Owner(1, "王 芳", "+86 138 0013 8000", "fang_w"),
        Owner(2, "Anna Schmidt", "004915112345678"),
        Owner(3, "李强", "13900139000"),
        Owner(4, "李强", "13900139001"),
    ]
)


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("王芳", {1}),
        ("13800138000", {1}),
        ("8613800138000", {1}),
        ("138-0013-8000", {1}),
        ("@Fang_W", {1}),
        ("fang_w", {1}),
        ("anna schmidt", {2}),
        ("+49 151 12345678", {2}),
        ("李强", {3, 4}),
        ("13900139001", {4}),
        ("张三", set()),
        ("13800138001", set()),
        ("@", set()),
        ("", set()),
    ],
)
def test_a_colleague_is_found_by_name_phone_or_username(written: str, ids: set[int]) -> None:
    assert OWNERS.named(written) == ids
