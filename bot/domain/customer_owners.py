"""Find the colleague whom a customer list names as the owner: by name, phone or Telegram username."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.search import normal


@dataclass(frozen=True)
class Owner:
    """A colleague who may own customers; `username` is Telegram's, with or without the @."""

    id: int
    name: str
    phone: str = ""
    username: str = ""


@dataclass(frozen=True)
class Owners:
    """Those whom a list may name."""

    ids: Mapping[str, frozenset[int]]

    @classmethod
    def of(cls, colleagues: Iterable[Owner]) -> "Owners":
        """Each can be named in three ways; two may share a name, and then the name names both."""
        ids: defaultdict[str, set[int]] = defaultdict(set)
        for colleague in colleagues:
            for key in (normal(colleague.name), _phone(colleague.phone), _username(colleague.username)):
                if key:
                    ids[key].add(colleague.id)
        return cls({key: frozenset(found) for key, found in ids.items()})

    def named(self, written: str) -> frozenset[int]:
        """The ids of all whom this may mean; empty for a stranger."""
        keys = (_username(written),) if written.startswith("@") else (normal(written), _phone(written))
        for key in (*keys, _username(written)):
            if key and key in self.ids:
                return self.ids[key]
        return frozenset()


def _phone(written: str) -> str:
    """The digits, without China's code: a phone is written with and without it."""
    number = unicodedata.normalize("NFKC", written)
    if not re.fullmatch(r"[+\d\s().-]{5,}", number):
        return ""
    digits = re.sub(r"\D", "", number).removeprefix("00")
    return "+" + (digits[2:] if len(digits) == 13 and digits.startswith("86") else digits)


def _username(written: str) -> str:
    return "@" + written.strip().removeprefix("@").casefold() if written.strip() else ""
