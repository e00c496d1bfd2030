"""Conditions as an admin writes them, read and written: `listed = no and stock < 10`, `新品 = 否 或 库存 < 10`.

A name is an item's id; `it` is the answer that is being given. `or` binds least, `not` most.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.domain.conditions import Condition, Every, Not, Some, Test

DEEPEST = 20  # brackets within brackets

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<quoted>"[^"]*"|“[^”]*”|'[^']*')
  | (?P<op><=|>=|!=|<>|≤|≥|≠|==|=|＝|<|＜|>|＞)
  | (?P<bracket>[()（）])
  | (?P<word>[^\s"“'()（）<>=!≤≥≠＝＜＞,，]+)
  | (?P<comma>[,，])
    )""",
    re.VERBOSE,
)
_OPERATORS = {"==": "=", "＝": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=", "＜": "<", "＞": ">"}
_WORD_OPERATORS = {
    "is": "=", "是": "=", "等于": "=", "不是": "!=", "不等于": "!=", "has": "has", "包含": "has", "含": "has",
    "小于": "<", "大于": ">", "至少": ">=", "至多": "<=",
}  # fmt: skip
_AND, _OR, _NOT = {"and", "且", "并且", "而且", "&", "&&"}, {"or", "或", "或者", "|", "||"}, {"not", "非", "没有"}
_BOOLEANS = {"yes": True, "是": True, "true": True, "对": True, "no": False, "否": False, "false": False}


class BadCondition(ValueError):  # noqa: N818 - it is told to an admin, and is no fault of ours
    """The text is no condition; `near` is where reading stopped, `why` one of a few words that a message explains."""

    def __init__(self, why: str, near: str) -> None:
        super().__init__(f"{why}: {near}")
        self.why = why
        self.near = near


@lru_cache(maxsize=4096)
def parse(text: str) -> Condition:
    """The condition that a text states; raises BadCondition."""
    reader = _Reader(list(_tokens(text)))
    condition = reader.alternatives(0)
    if reader.rest():
        raise BadCondition("unexpected", reader.rest())
    return condition


def said(condition: Condition) -> str:
    """The condition as text, which reads back as the same."""
    match condition:
        case Test(name, "", _):
            return name
        case Test(name, op, value):
            return f"{name} {op} {_value_said(value)}"
        case Not(of):
            return f"not {_bracketed(of)}"
        case Every(of):
            return " and ".join(_bracketed(one) for one in of)
        case Some(of):
            return " or ".join(_bracketed(one) for one in of)


def _bracketed(condition: Condition) -> str:
    return said(condition) if isinstance(condition, Test) else f"({said(condition)})"


def _value_said(value: bool | float | str | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 and round(value, 3) == value else repr(value)
    text = str(value)
    plain = re.fullmatch(r"[^\s\"“'()（）<>=!≤≥≠＝＜＞,，]+", text) and text.casefold() not in _BOOLEANS
    return text if plain and _number(text) is None else f'"{text}"'


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadCondition("unexpected", text[at:].strip()[:20])
        at = match.end()
        if match["quoted"] is not None:
            yield '"' + match["quoted"][1:-1]  # a quotation mark before it says that it is no word of ours
        elif match["bracket"] is not None:
            yield "(" if match["bracket"] in "(（" else ")"
        else:
            token = match["op"] or match["word"] or match["comma"]
            yield _OPERATORS.get(token, token)


class _Reader:
    """Reads tokens from left to right: or binds least, not most."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def rest(self) -> str:
        return " ".join(token.lstrip('"') for token in self._tokens[self._at :])[:40]

    def _peek(self) -> str:
        return self._tokens[self._at].casefold() if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise BadCondition("ends", self._tokens[-1].lstrip('"') if self._tokens else "")
        self._at += 1
        return self._tokens[self._at - 1]

    def alternatives(self, depth: int) -> Condition:
        of = [self._together(depth)]
        while self._peek() in _OR:
            self._next()
            of.append(self._together(depth))
        return of[0] if len(of) == 1 else Some(tuple(of))

    def _together(self, depth: int) -> Condition:
        of = [self._single(depth)]
        while self._peek() in _AND:
            self._next()
            of.append(self._single(depth))
        return of[0] if len(of) == 1 else Every(tuple(of))

    def _single(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise BadCondition("too_deep", self.rest())
        word = self._next()
        if word.casefold() in _NOT:
            return Not(self._single(depth + 1))
        if word == "(":
            inner = self.alternatives(depth + 1)
            if self._peek() != ")":
                raise BadCondition("bracket", self.rest())
            self._next()
            return inner
        if word in (")", ",", "，") or word in _COMPARISONS:
            raise BadCondition("name_wanted", word)
        return self._test(word.lstrip('"'))

    def _test(self, name: str) -> Condition:
        op = _WORD_OPERATORS.get(self._peek(), self._peek())
        if op not in _COMPARISONS:
            return Test(name)
        self._next()
        if op == "=" and self._peek() == "not":
            self._next()
            op = "!="
        value = self._next()
        if value in _COMPARISONS or value in ("(", ")"):
            raise BadCondition("value_wanted", value)
        return Test(name, op, _value(value))


_COMPARISONS = {"=", "!=", "<", "<=", ">", ">=", "has"}


def _value(token: str) -> bool | float | str:
    if token.startswith('"'):
        return token[1:]
    if token.casefold() in _BOOLEANS:
        return _BOOLEANS[token.casefold()]
    number = _number(token)
    return number if number is not None else token


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,9})?", text) else None
