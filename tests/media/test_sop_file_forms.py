"""A checklist loses nothing on its way through a workbook and through YAML, and both are good to work with."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from bot.domain.shipped import SHIPPED
from bot.domain.sop import CHOSEN, Check, Choice, Group, Item, Kind, Sop
from bot.domain.sop_cells import choices_read, wording_read
from bot.domain.sop_checking import problems
from bot.domain.sop_columns import COLUMNS, Field, Table, field_called, kind_called, table_called, yes_or_no
from bot.domain.sop_sheet_reading import SopReading
from bot.media.sop_files import read_sop_file, write_sop
from bot.rendering import LANGUAGES, Renderer
from bot.services.sop_file_words import words_for

RENDERER = Renderer()
WORDS = {language: words_for(RENDERER, language) for language in LANGUAGES}


def words(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh_Hans": zh}


RICH = Sop(
    "rich_check",
    words("Rich: everything | at once", "样样都有"),
    (
        Item("listed", Kind.YES_NO, words("Listed?", "上架了吗？"), words("Look twice,\nthen say", "仔细看")),
        Item(
            "look",
            Kind.ONE_OF,
            words("=Look", "陈列"),
            choices=(
                Choice("good", words("Good = as agreed | so", "好\\坏")),
                Choice("no", {"zh_Hans": "Poor"}),
                Choice("1", {"en": "差"}),
            ),
        ),
        Item(
            "where",
            Kind.SEVERAL_OF,
            words("Where", "哪里"),
            choices=(
                Choice("a", words("A, b; c", "甲、乙")),
                Choice("b", words("B", "丙")),
                Choice("c", words("C", "丁")),
            ),
            minimum=2,
        ),
        Item(
            "stock",
            Kind.NUMBER,
            words("Stock", "库存"),
            unit=words("pieces", "件"),
            least=0,
            most=999.5,
            group="products",
            checks=(Check("it >= 5", words("So few?", "这么少？"), soft=True), Check("it <= 500", {"en": "Too many."})),
        ),
        Item(
            "price",
            Kind.MONEY,
            {"en": "Price"},
            required=False,
            unit={"zh_Hans": "元"},
            group="products",
            when="stock > 0 and listed",
        ),
        Item("rival", Kind.TEXT, {"zh_Hans": "竞品"}, minimum=2, group="rivals"),
        Item("photo", Kind.PHOTO, words("Photo", "照片"), minimum=3),
        Item("who", Kind.CONTACT, words("+cmd|' /C calc'!A0", "@SUM(1)")),
        Item("day", Kind.DATE, words("Day", "日期"), when="look = good or not (listed = yes)"),
        Item("mark", Kind.RATING, words("Marks", "评分"), most=10),
        Item("code", Kind.CODE, words("Code", "条码")),
    ),
    ordered=True,
    groups=(
        Group("products", words("Products", "产品"), (Choice("cola", words("Cola, small", "可乐")),)),
        Group("rivals", words("Rivals", "竞品"), open=True, required=True),
    ),
)


def through(sop: Sop, form: str, language: str = "en") -> SopReading:
    found = read_sop_file(write_sop(sop, form, WORDS[language]), f"x.{form}")
    assert isinstance(found, SopReading)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sop", [*SHIPPED, RICH], ids=lambda sop: sop.type)
def test_workbook_to_yaml_to_workbook_loses_nothing(sop: Sop, language: str) -> None:
    assert problems(sop) == []
    first = through(sop, "xlsx", language)
    assert (first.mistakes, first.ignored) == ((), ())
    assert first.sop == sop
    second = through(first.sop, "yaml")
    assert second.sop == sop
    assert through(second.sop, "xlsx", language).sop == sop


# "#N/A" is what a failed formula looks like, whoever typed it
_LINE = some.text(
    some.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Zs", "Cf")), min_size=1, max_size=12
).filter(lambda text: not text.startswith("#"))
_IDS = some.from_regex(r"[a-z][a-z0-9_-]{1,8}", fullmatch=True).filter(lambda text: text not in ("it", "or", "is"))


@some.composite
def wordings(draw: some.DrawFn) -> dict[str, str]:
    en, zh = draw(_LINE), draw(_LINE)
    return draw(some.sampled_from([words(en, zh), {"en": en}, {"zh_Hans": zh}]))


@some.composite
def choices(draw: some.DrawFn, least: int) -> tuple[Choice, ...]:
    ids = draw(some.lists(_IDS, min_size=least, max_size=4, unique_by=str.casefold))
    return tuple(Choice(one, draw(wordings())) for one in ids)


@some.composite
def items(draw: some.DrawFn, item_id: str, group: str) -> Item:
    kind = draw(some.sampled_from([kind for kind in Kind if kind is not Kind.NAMES]))
    item = Item(item_id, kind, draw(wordings()), draw(some.one_of(some.just({}), wordings())), draw(some.booleans()))
    if kind in CHOSEN:
        item = replace(item, choices=draw(choices(2)))
    if kind in (Kind.NUMBER, Kind.MONEY):
        bounds = sorted(draw(some.tuples(*[some.integers(-(10**9), 10**9)] * 2)))
        item = replace(item, least=bounds[0] / 1000, most=bounds[1] / 1000, unit=draw(wordings()))
    if kind in (Kind.TEXT, Kind.PHOTO):
        item = replace(item, minimum=draw(some.integers(1, 9)))
    checks = draw(some.lists(some.builds(Check, some.just("it"), wordings(), some.booleans()), max_size=3))
    return replace(item, group=group, checks=tuple(checks))


@some.composite
def sops(draw: some.DrawFn) -> Sop:
    ids = draw(some.lists(_IDS, min_size=1, max_size=5, unique_by=str.casefold))
    groups = tuple(
        Group(one, draw(wordings()), draw(choices(1)), draw(some.booleans()), draw(some.booleans()))
        for one in draw(some.lists(_IDS, max_size=2, unique_by=str.casefold))
    )
    names = ["", *(group.id for group in groups)]
    made = tuple(draw(items(one, draw(some.sampled_from(names)))) for one in ids)
    used = tuple(group for group in groups if group.id in {item.group for item in made})
    return Sop(draw(_IDS), draw(wordings()), made, draw(some.booleans()), used)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(sops())
def test_any_sound_checklist_comes_back_as_it_went(sop: Sop) -> None:
    assume(not problems(sop))
    for form in ("xlsx", "yaml"):
        found = through(sop, form)
        assert found.mistakes == ()
        assert found.sop == sop, form


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reader_knows_every_word_that_the_writer_uses(language: str) -> None:
    used = WORDS[language]
    for table in Table:
        assert table_called(used.tabs[table]) is table
        for column in COLUMNS[table]:
            assert field_called(table, used.titles[column]) is column, (table, column)
            assert column in used.explained[0][1]
    for kind, word in used.kinds.items():
        assert kind_called(word) == kind
    assert (yes_or_no(used.yes), yes_or_no(used.no)) == (True, False)
    assert set(used.titles) == set(Field)


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("Good, Poor", ["Good", "Poor"]),
        ("好、中、差", ["好", "中", "差"]),
        ("Good | 好\nPoor | 差", ["Good", "Poor"]),
        ("good＝Good｜好；poor＝Poor｜差", ["Good", "Poor"]),
        ("Yes, please\nNo, thanks", ["Yes, please", "No, thanks"]),
    ],
)
def test_choices_may_be_typed_as_people_type_them(cell: str, labels: list[str]) -> None:
    read = choices_read(cell)
    assert [next(iter(choice.label.values())) for choice in read] == labels
    assert len({choice.id for choice in read}) == len(labels)
    assert choices_read(cell) == read, "the same words have the same ids in the next version"


def test_a_unit_may_be_in_one_language() -> None:
    assert wording_read("件") == {"zh_Hans": "件"}
    assert wording_read("pieces") == {"en": "pieces"}
    assert wording_read("| pcs") == {"zh_Hans": "pcs"}


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}


def test_the_workbook_offers_what_can_be_chosen_and_keeps_its_header_in_sight() -> None:
    xml = parts(write_sop(RICH, "xlsx", WORDS["en"]))
    assert re.findall(r'<sheet name="([^"]+)"', xml["xl/workbook.xml"]) == [
        *("Items", "Groups", "Checklist", "How to fill it in"),
    ]
    sheet = xml["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in sheet
    assert "Yes or no,One of,Several of,Number" in sheet
    assert sheet.count("<dataValidation ") == 3, "kinds, required, soft"
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet)]
    assert len(re.findall(r"<col ", sheet)) >= 5
    assert min(widths) >= 12
    assert "<f>" not in "".join(xml.values()), "a text that begins like a formula stays a text"


def test_every_column_is_explained_in_both_languages() -> None:
    xml = parts(write_sop(RICH, "xlsx", WORDS["zh_Hans"]))
    for language in LANGUAGES:
        for explanation in RENDERER.words("sop_file/explanations", language).values():
            escaped = explanation.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            assert escaped in xml["xl/sharedStrings.xml"]
