"""What a person types to set a policy: `fence.radius 150 team West`, `围栏半径 150 米 等级 A`."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.policy import Scope

_NO_LETTER = re.compile(r"[\W_]")
_AFTER_KEY = re.compile(r"\s*[=:：＝]?\s*")  # a time has a colon, a name has none
# How a level is begun; what follows names the team, grade, type or customer.
_SCOPES: Mapping[Scope, tuple[str, ...]] = {
    Scope.COMPANY: ("whole company", "company", "全公司", "公司"),
    Scope.TEAM: ("team", "团队", "小组"),
    Scope.GRADE: ("grade", "等级", "级别"),
    Scope.TYPE: ("visit type", "type", "拜访类型", "类型"),
    Scope.CUSTOMER: ("customer", "客户"),
}
_SCOPE_OF = {word: scope for scope, words in _SCOPES.items() for word in words}
# An English word stands alone, Chinese is written without blanks.
_WORD = "|".join(f"{word}(?![a-z])" if word.isascii() else word for word in sorted(_SCOPE_OF, key=len, reverse=True))
_AT = re.compile(rf"(?:^|(?<=[^a-z]))(?:for |at |对|在)?({_WORD})[\s:：=]*", re.IGNORECASE)
_CHINESE_GRADE = re.compile(r"[\s,，]*([a-d])\s*级(?:客户)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """A value (empty: it is only looked at) for a level; without `scope` none was named."""

    value: str
    scope: Scope | None = None
    subject: str = ""


def alike(name: str) -> str:
    """A name as it is compared: case, width, blanks and points do not matter."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", name)).casefold()


def split_name(line: str, names: Mapping[str, str]) -> tuple[str | None, str]:
    """The key of the longest name that the line begins with, and the rest; no key where it begins with none.

    `names` are keys by names as `alike` writes them. A name ends where a word does: `cadence.a` is not in
    `cadence.always`; a Chinese name may be followed at once.
    """
    for end in range(len(line), 0, -1):
        if _NO_LETTER.match(line, end - 1) or _splits_a_word(line, end):
            continue  # a sign behind the name is the value's: -5, <b>
        key = names.get(alike(line[:end]))
        if key is not None:
            return key, line[_AFTER_KEY.match(line, end).end() :].strip()  # type: ignore[union-attr]
    return None, line


def _splits_a_word(line: str, end: int) -> bool:
    return re.match(r"[a-z][._-]?[a-z]", line[end - 1 :], re.IGNORECASE) is not None


def read_wanted(rest: str) -> Iterator[Wanted]:
    """What the words after a policy's name may mean, the likeliest first; the first whose subject is known is meant.

    The value stands before the level or, less often, behind it.
    """
    rest = rest.strip()
    grade = _CHINESE_GRADE.search(rest)
    at = _AT.search(rest)
    if grade is not None:
        value = re.sub("(?:客户)?(?:等级|级别)?$", "", rest[: grade.start()].rstrip(" ,，对在"))
        yield Wanted(value.strip(" ,，"), Scope.GRADE, grade[1].upper())
    elif at is None:
        yield Wanted(rest)
    else:
        scope, subject = _SCOPE_OF[at[1].casefold()], rest[at.end() :].strip()
        value = rest[: at.start()].strip(" ,，")
        yield Wanted(value, scope, subject)
        if not value:
            words = subject.split()
            for count in range(1, min(3, len(words) + 1)):
                yield Wanted(" ".join(words[-count:]), scope, " ".join(words[:-count]))
