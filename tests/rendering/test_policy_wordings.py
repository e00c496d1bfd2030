"""Every policy can be read: it has name and meaning, its values are written in both languages, its page is fresh."""

from pathlib import Path

import pytest

from bot.domain.flag_policies import TUNED_BY
from bot.domain.policy import DECLARATIONS, Area, Scope
from bot.domain.policy_offers import offers
from bot.domain.policy_text import alike
from bot.domain.policy_values import Kind
from bot.rendering import LANGUAGES, Renderer
from bot.rendering.keyboard import CALLBACK_LIMIT
from bot.rendering.policy_page import page
from bot.rendering.policy_values import written
from bot.services.policy_names import BETWEEN

PAGE = Path(__file__).parents[2] / "docs" / "policies.md"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_policy_area_and_kind_has_its_words(language: str) -> None:
    renderer = Renderer()
    assert set(renderer.words("policy_names", language)) == set(DECLARATIONS)
    assert set(renderer.words("policies", language)) == set(DECLARATIONS)
    assert set(renderer.words("policy_areas", language)) == set(Area)
    assert set(renderer.words("policy_examples", language)) == set(Kind) - {Kind.CHOICE}  # those are named
    assert set(renderer.words("policy_scopes", language)) == set(Scope)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_short_enough_for_a_button_and_no_two_are_alike(language: str) -> None:
    names = Renderer().words("policy_names", language)
    assert len(set(names.values())) == len(names)
    assert max(len(name) for name in names.values()) <= 32


@pytest.mark.parametrize(("language", "flagged"), [("en", "flag"), ("zh_Hans", "标记")])
def test_a_policy_that_decides_about_a_flag_says_so(language: str, flagged: str) -> None:
    meanings = Renderer().words("policies", language)
    deciding = {policy.key for policies in TUNED_BY.values() for policy in policies}
    assert [key for key in sorted(deciding) if flagged not in meanings[key]] == []


def test_no_name_of_one_policy_is_also_a_name_of_another() -> None:
    renderer, keys_of = Renderer(), dict[str, set[str]]()
    for language in LANGUAGES:
        for file in ("policy_names", "policy_also"):
            for key, wording in renderer.words(file, language).items():
                assert key in DECLARATIONS
                for name in wording.split(BETWEEN):
                    keys_of.setdefault(alike(name), set()).add(key)
    assert {name: keys for name, keys in keys_of.items() if len(keys) > 1} == {}


@pytest.mark.parametrize(
    ("value", "kind", "english", "chinese"),
    [
        ("150", "metres", "150 m", "150 米"),
        ("5000", "metres", "5,000 m", "5,000 米"),
        ("5", "minutes", "5 min", "5 分钟"),
        ("1", "hours", "1 hour", "1 小时"),
        ("90min", "hours", "90 min", "90 分钟"),
        ("14", "days", "14 days", "14 天"),
        ("19:00", "time", "19:00", "19:00"),
        ("1,2,3,4,5", "weekdays", "Mon–Fri", "周一至周五"),
        ("1,2,4,6,7", "weekdays", "Mon, Tue, Thu, Sat, Sun", "周一、周二、周四、周六、周日"),
        ("on", "flag", "on", "开"),
        ("off", "flag", "off", "关"),
        ("5", "count", "5", "5"),
        ("150", "kmh", "150 km/h", "150 km/h"),
        ("40", "percent", "40 %", "40 %"),
        ("80", "points", "80 points", "80 分"),
        ("of another release", "metres", "of another release", "of another release"),
    ],
)
def test_a_value_is_written_with_its_unit_in_the_readers_language(
    value: str, kind: str, english: str, chinese: str
) -> None:
    assert written(value, kind, "en") == english
    assert written(value, kind, "zh_Hans") == chinese


@pytest.mark.parametrize("key", DECLARATIONS)
def test_the_longest_button_of_a_policy_fits_into_telegrams_limit(key: str) -> None:
    declaration = DECLARATIONS[key]
    widest = declaration.most if declaration.most is not None else declaration.default
    texts = [offer.value or "" for offer in offers(declaration, widest)]
    longest = max([*texts, "-"], key=len)
    level = "" if declaration.may_vary_by == {Scope.COMPANY} else f"@c{10**6}"
    assert len(f"policy:{10**9}:0:set:{key}{level}:{longest}") <= CALLBACK_LIMIT


def test_the_page_of_all_policies_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(Renderer()), (
        "python -m bot.rendering.policy_page > docs/policies.md"
    )
