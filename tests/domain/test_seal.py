"""The seal of a photo: what it says is read back, and nobody else can make one."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import seal
from bot.domain.seal import Seal, Sealed

SECRET, OTHER = bytes(range(32)), bytes(32)
ORIGINAL = "ab" * 32
SEAL = Seal(1, 1042, 31_337, datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC))
SEALED = SEAL.signed(SECRET, ORIGINAL)


def test_a_link_is_read_back_and_vouched_for() -> None:
    read = seal.read(SEALED.link("rounds_bot"))
    assert read == SEALED
    assert read.is_ours(SECRET, ORIGINAL)
    assert seal.read(SEALED.parameter) == SEALED


@settings(max_examples=60)
@given(
    st.integers(1, 255),
    st.integers(1, 2**27),
    st.integers(1, 2**34),
    st.integers(1_600_000_000, 4_100_000_000),
)
def test_whatever_is_sealed_fits_a_start_parameter(key: int, visit: int, photo: int, second: int) -> None:
    sealed = Seal(key, visit, photo, datetime.fromtimestamp(second, UTC)).signed(SECRET, ORIGINAL)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", sealed.parameter)
    assert seal.read(sealed.parameter) == sealed


def test_another_key_another_original_and_another_photo_are_not_vouched_for() -> None:
    assert not SEALED.is_ours(OTHER, ORIGINAL)
    assert not SEALED.is_ours(SECRET, "cd" * 32)
    assert not Sealed(replace(SEAL, visit_id=1043), SEALED.digest).is_ours(SECRET, ORIGINAL)


def test_every_changed_digit_is_noticed() -> None:
    digits = SEALED.parameter
    for at in range(2, len(digits)):
        changed = seal.read(digits[:at] + str((int(digits[at]) + 1) % 10) + digits[at + 1 :])
        assert changed is None or not changed.is_ours(SECRET, ORIGINAL)


@pytest.mark.parametrize(("visit", "photo"), [(1, 2**63), (2**63, 1), (1, 2**77)])
def test_a_forged_number_that_no_store_can_look_for_is_no_seal(visit: int, photo: int) -> None:
    forged = Seal(1, visit, photo, datetime.fromtimestamp(1, UTC)).signed(SECRET, ORIGINAL)
    assert len(forged.parameter) <= 64
    assert seal.read(forged.parameter) is None


@pytest.mark.parametrize(
    "text", ["", "v_", "v_123", "v_" + "9" * 70, "v_" + "1" * 45, "https://example.com/?x=1", "hello v_" + "1" * 45]
)
def test_what_is_none_of_ours_is_not_taken_for_one(text: str) -> None:
    assert seal.read(text) is None


def test_an_invites_token_is_not_taken_for_a_seal() -> None:
    assert seal.read("v_Xk3vbQ9s7JYt0aTnRk2mWq8Zp4Lc6dHf") is None
