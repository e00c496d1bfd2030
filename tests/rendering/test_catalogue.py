"""Everything that is said has a Chinese wording of the same shape, and the compiled catalogue is the written one."""

import ast
import gettext
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, meta

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates" / "messages"
CATALOGUE = ROOT / "templates" / "locale" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TAG = re.compile(r"</?(?:b|i|u|s|code|a|blockquote)\b")
NAME = re.compile(r"[a-z_]+/[a-z_]*[a-z]")
# Said before we know which language somebody speaks: both stand in the message
SAID_TO_BOTH = ("Welcome to Rounds! Which language shall we speak?",)
# Latin marks beside Chinese: a full stop too, unless it ends a number or belongs to a name such as customers.csv
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”）》][,;:?!]|[,;?!](?=[\u4e00-\u9fff“（《])|[\u4e00-\u9fff]\.(?![a-z])")
# One thing has one name, for people and for what they do; the left one only helps to find a command or a policy
OTHER_NAMES = {"业务员": "业务代表", "主管": "经理", "打卡": "签到", "签出": "签退", "同行人": "同行者"}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Every English wording in the templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")
    found = set()
    for entry in extract_from_dir(ROOT / "templates", [("messages/**.html", "jinja2")], _options(options)):
        wording = entry[2]
        found.add(wording[0] if isinstance(wording, tuple) else wording)
    assert methods
    return found


def _options(options: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    (only,) = options.values()
    return {"messages/**.html": only}


def pairs(message: Message) -> list[tuple[str, str]]:
    """English and Chinese, each plural form with the English one that has its number."""
    english = message.id if isinstance(message.id, tuple) else (message.id,)
    chinese = message.string if isinstance(message.string, tuple) else (message.string,)
    return [(english[-1], wording) for wording in chinese]


def wordings(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_every_wording_is_in_the_catalogue_and_nothing_else(catalogue: Catalog, said: set[str]) -> None:
    kept = {message.id[0] if isinstance(message.id, tuple) else message.id for message in wordings(catalogue)}
    assert said - kept == set(), "run pybabel extract and update (CONTRIBUTING)"
    assert kept - said == set(), "nobody says this any more"


def test_no_wording_is_missing_or_unsure_in_chinese(catalogue: Catalog) -> None:
    empty = [message.id for message in wordings(catalogue) if not all(chinese for _, chinese in pairs(message))]
    assert empty == []
    assert [message.id for message in wordings(catalogue) if message.fuzzy] == []


def test_the_compiled_catalogue_is_the_written_one(catalogue: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        kept = gettext.GNUTranslations(file)
    fresh = gettext.GNUTranslations(compiled)
    for message in wordings(catalogue):
        if isinstance(message.id, tuple):
            assert kept.ngettext(*message.id, 2) == fresh.ngettext(*message.id, 2)
        else:
            assert kept.gettext(message.id) == fresh.gettext(message.id)


def test_both_sides_speak_of_the_same_values(catalogue: Catalog) -> None:
    for message in wordings(catalogue):
        for english, chinese in pairs(message):
            assert set(PLACEHOLDER.findall(chinese)) == set(PLACEHOLDER.findall(english)), english
            assert "%" not in PLACEHOLDER.sub("", chinese.replace("%%", "")), chinese


def test_both_sides_are_marked_up_alike(catalogue: Catalog) -> None:
    for message in wordings(catalogue):
        for english, chinese in pairs(message):
            assert Counter(TAG.findall(chinese)) == Counter(TAG.findall(english)), english


def test_chinese_is_chinese_and_polite(catalogue: Catalog) -> None:
    for message in wordings(catalogue):
        for english, chinese in pairs(message):
            words = re.sub(r"%\(\w+\)s|</?\w+[^>]*>|[\W\d_]+", "", chinese)
            if re.search(r"[a-z]{4,} [a-z]{3,} [a-z]{3,}", english):
                assert re.search(r"[\u4e00-\u9fff]", words) or english in SAID_TO_BOTH, english
            assert "你" not in chinese, chinese


def test_chinese_is_set_with_chinese_marks(catalogue: Catalog) -> None:
    said = [chinese for message in wordings(catalogue) for _, chinese in pairs(message)]
    assert [chinese for chinese in said if HALF_WIDTH.search(TAG.sub("", chinese))] == []


def test_one_thing_has_one_name_in_chinese(catalogue: Catalog) -> None:
    said = [chinese for message in wordings(catalogue) for _, chinese in pairs(message) if " | " not in chinese]
    assert [(name, chinese) for name in OTHER_NAMES for chinese in said if name in chinese] == []


def names() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).with_suffix("").as_posix() for path in TEMPLATES.rglob("*.html"))


def test_every_message_that_the_code_names_exists() -> None:
    concerns = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    known = set(names())
    for folder in ("bot/domain", "bot/services", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
                if NAME.fullmatch(text) and text.partition("/")[0] in concerns:
                    assert text in known, f"{path.name} says {text}"


def test_every_message_is_said_by_somebody() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("bot", "handlers")
        for path in (ROOT / folder).rglob("*.py")
        if "sandbox" not in path.parts
    )
    others = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    beginnings = re.findall(r'f"([a-z_]+/[a-z_]*)\{', code)
    unsaid = []
    for name in names():
        direct = f'"{name}"' in code or f"messages/{name}.html" in others or f'"{name}"' in others
        # An f-string names the beginning and takes the rest from elsewhere: f"checklist/wants_{kind}"
        built = any(name.startswith(start) and _word(name.removeprefix(start)) in code for start in beginnings)
        if not direct and not built:
            unsaid.append(name)
    assert unsaid == []


def _word(text: str) -> str:
    return f'"{text}"'


@pytest.mark.parametrize("name", names())
def test_a_message_includes_only_what_exists(name: str) -> None:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES.parent), extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True
    )
    source = (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
    for other in meta.find_referenced_templates(environment.parse(source)):
        assert other is not None, "a template is included by a name that nobody can check"
        assert (TEMPLATES.parent / other).is_file(), other
