"""Every flag has its sentence in both languages, with its numbers in it, the same for rep and manager."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.flags import FlagCode
from bot.rendering import Renderer

TEMPLATES = Path(__file__).parents[2] / "templates"
NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
WHEN = "2026-05-04T01:00:00+00:00"
TWINS = {"shared": 41, "of": 64, "began_at": WHEN}
EXAMPLES: list[tuple[FlagCode, dict[str, object], str, str]] = [
    (FlagCode.CONSTANT_POINT, {"fixes": 60, "minutes": 29}, "60 fixes", "连续 60 个定位"),
    (FlagCode.JITTERED_POINT, {"fixes": 60, "minutes": 29, "spread": 14}, "within 14 m", "14 米"),
    (FlagCode.STRAIGHT_LINE, {"distance": 2378, "minutes": 30, "kmh": 4.8}, "even 4.8 km/h", "时速始终为 4.8 公里"),
    (FlagCode.REPLAYED_TRACK, TWINS, "of 64 steps compared, 41", "41 步相同"),
    (FlagCode.SHARED_STREAM, TWINS, "another rep's", "另一位业务代表"),
    (FlagCode.EVIDENCE_LOW, {"level": 0, "asked": 1, "missing": "location"}, "E0 was seen", "要求 E1"),
    (FlagCode.EVIDENCE_LOW, {"level": 1, "asked": 2, "missing": "live"}, "a live location", "实时位置"),
    (
        FlagCode.EVIDENCE_LOW,
        {"level": 2, "asked": 3, "missing": "stay", "covered": 240, "minimum": 600},
        "4 min at the customer, of 10 min",
        "需要 10 分钟",
    ),
    (FlagCode.EVIDENCE_LOW, {"level": 2, "asked": 3, "missing": "stay"}, "never shows", "从未"),
    (FlagCode.COMPANION_NOT_THERE, {"name": "Ben", "person_id": 2}, "says that it is not so", "并非如此"),
    (FlagCode.COMPANION_NOT_THERE, {"name": "Ben", "person_id": 2, "distance": 556}, "was 556 m", "556 米"),
    (FlagCode.CHALLENGE_UNMET, {"minutes": 5, "why": "none"}, "within 5 min", "5 分钟"),
    (FlagCode.CHALLENGE_UNMET, {"minutes": 5, "why": "broken"}, "could not be opened", "无法打开"),
    (FlagCode.EVIDENCE_LOW, {"level": 3, "asked": 4, "missing": "witness"}, "a companion", "同行者"),
]


@pytest.mark.parametrize(("code", "facts", "english", "chinese"), EXAMPLES)
def test_a_flag_of_evidence_is_one_sentence_with_its_numbers(
    code: FlagCode, facts: dict[str, object], english: str, chinese: str
) -> None:
    renderer, context = Renderer(), {"flag": {"code": code.value, "facts": facts}}
    for language, part in (("en", english), ("zh_Hans", chinese)):
        said = renderer.render("flag", context, language=language, zone="Asia/Shanghai", now=NOW)
        assert part in said.text


def test_no_flag_is_shown_by_its_code() -> None:
    template = (TEMPLATES / "messages" / "flag.html").read_text("utf-8")
    assert [code for code in FlagCode if f'flag.code == "{code.value}"' not in template] == []
