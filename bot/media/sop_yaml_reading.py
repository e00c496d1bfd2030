"""Read a checklist from YAML, with the line of everything that it says. Runs in a limited child process."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from bot.domain.sop import Choice
from bot.domain.sop_cells import choices_written, language_of, wording_written
from bot.domain.sop_columns import COLUMNS, Field, Table, field_called, folded, table_called
from bot.domain.sop_sheet import Mistake, Record, SopFile, Told

BYTES_LIMIT = 512 * 1024  # a hundred items with every hint take 60 KB
DEPTH_LIMIT = 12  # a document of ours goes seven deep
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where there is one
_NULL = "tag:yaml.org,2002:null"
_CHINESE = {"zh", "zhhans", "zhcn", "cn", "chinese", "中文"}
_ENGLISH = {"en", "english", "英文"}
# Keys under which one word stands for two columns, by their languages
_PAIRS = {
    "title": (Field.TITLE_EN, Field.TITLE_ZH),
    "标题": (Field.TITLE_EN, Field.TITLE_ZH),
    "hint": (Field.HINT_EN, Field.HINT_ZH),
    "提示": (Field.HINT_EN, Field.HINT_ZH),
    "message": (Field.MESSAGE_EN, Field.MESSAGE_ZH),
    "提示语": (Field.MESSAGE_EN, Field.MESSAGE_ZH),
}
_LANGUAGES = ("en", "zh_Hans")  # in the order of such a pair
_CHECKS = {"checks", "校验"}
_HOLDS = {"holds", "check", "条件", "校验"}


class _Broken(Exception):  # noqa: N818 - it is told to an admin
    def __init__(self, code: str, line: int, **facts: Any) -> None:
        super().__init__(code)
        self.mistake = Mistake(code, Table.CHECKLIST, line, facts=facts)


def read_yaml(data: bytes) -> SopFile:
    """The tables of a document, however broken: what cannot be read is told with its line."""
    try:
        root = _document(data)
        tables, mistakes = _tables(root)
    except _Broken as broken:
        return SopFile({}, mistakes=(broken.mistake,), in_lines=True)
    return SopFile(tables, mistakes=tuple(mistakes), in_lines=True)


def _document(data: bytes) -> yaml.MappingNode:
    if len(data) > BYTES_LIMIT:
        raise _Broken("yaml_too_long", 0, most=BYTES_LIMIT // 1024)
    try:
        text = data.decode("utf-8-sig")
        _refuse_tricks(text)
        root = yaml.compose(text, Loader=_LOADER)
    except UnicodeDecodeError:
        raise _Broken("yaml_not_utf8", 0) from None
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        raise _Broken("yaml_broken", mark.line + 1 if mark else 0, near=fault.problem or "") from None
    except yaml.YAMLError:
        raise _Broken("yaml_broken", 0, near="") from None
    if not isinstance(root, yaml.MappingNode):
        raise _Broken("yaml_no_keys", 1)
    return root


def _refuse_tricks(text: str) -> None:
    """An alias can make a thousand million of one line, and what is nested deeply enough ends any reader."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Broken("yaml_alias", event.start_mark.line + 1)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            raise _Broken("yaml_deep", event.start_mark.line + 1)


def _tables(root: yaml.MappingNode) -> tuple[dict[Table, tuple[Record, ...]], list[Mistake]]:
    mistakes: list[Mistake] = []
    head: dict[Field, Told] = {}
    tables: dict[Table, tuple[Record, ...]] = {}
    line = root.start_mark.line + 1
    for key, value in _pairs(root, Table.CHECKLIST, mistakes):
        table = table_called(key.value) if isinstance(value, yaml.SequenceNode) else None
        if table in (Table.ITEMS, Table.GROUPS):
            tables[table] = tuple(_records(table, key, value, mistakes))
        elif table_called(key.value) in (Table.ITEMS, Table.GROUPS):
            mistakes.append(_wrong("yaml_list_wanted", Table.CHECKLIST, key))
        else:
            head.update(_cells(Table.CHECKLIST, key, value, mistakes))
            line = _line(key) if field_called(Table.CHECKLIST, key.value) is Field.TYPE else line
    tables[Table.CHECKLIST] = (Record(line, head),)
    return tables, mistakes


def _records(table: Table, of: yaml.Node, nodes: yaml.SequenceNode, mistakes: list[Mistake]) -> Iterator[Record]:
    for node in nodes.value:
        if not isinstance(node, yaml.MappingNode):
            mistakes.append(Mistake("yaml_keys_wanted", table, _line(node), title=str(of.value)))
            continue
        cells: dict[Field, Told] = {}
        checks: list[Record] = []
        for key, value in _pairs(node, table, mistakes):
            if folded(key.value) in _CHECKS and isinstance(value, yaml.SequenceNode) and table is Table.ITEMS:
                checks += _checks(key, value, mistakes)
            else:
                cells.update(_cells(table, key, value, mistakes))
        yield Record(_line(node), cells)
        yield from checks


def _checks(of: yaml.Node, nodes: yaml.SequenceNode, mistakes: list[Mistake]) -> Iterator[Record]:
    for node in nodes.value:
        if not isinstance(node, yaml.MappingNode):
            mistakes.append(Mistake("yaml_keys_wanted", Table.ITEMS, _line(node), title=str(of.value)))
            continue
        cells: dict[Field, Told] = {}
        for key, value in _pairs(node, Table.ITEMS, mistakes):
            if folded(key.value) in _HOLDS and isinstance(value, yaml.ScalarNode):
                cells[Field.CHECK] = Told(key.value, _text(value), _line(key))
            else:
                cells.update(_cells(Table.ITEMS, key, value, mistakes))
        yield Record(_line(node), cells)


def _pairs(
    node: yaml.MappingNode, table: Table, mistakes: list[Mistake]
) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """Keys and values; a key that stands there twice would silently lose the first."""
    seen = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            mistakes.append(_wrong("yaml_keys_wanted", table, key))
        elif folded(key.value) in seen:
            mistakes.append(_wrong("yaml_key_double", table, key))
        else:
            seen.add(folded(key.value))
            yield key, value


def _cells(table: Table, key: yaml.ScalarNode, value: yaml.Node, mistakes: list[Mistake]) -> Mapping[Field, Told]:
    """What a key says; a wording may have a key for each language below it."""
    name = field_called(table, key.value)
    pair = _PAIRS.get(key.value.strip().casefold())
    if pair is not None and set(pair) <= set(COLUMNS[table]):
        wording = _wording(key, value, table, mistakes)
        return {
            field: Told(key.value, wording.get(language), _line(key))
            for field, language in zip(pair, _LANGUAGES, strict=True)
        }
    if name is None:
        mistakes.append(_wrong("yaml_key_unknown", table, key))
        return {}
    if isinstance(value, yaml.ScalarNode):
        return {name: Told(key.value, _text(value), _line(key))}
    if name is Field.UNIT and isinstance(value, yaml.MappingNode):
        return {name: Told(key.value, wording_written(_wording(key, value, table, mistakes)), _line(key))}
    if name in (Field.CHOICES, Field.ENTRIES) and isinstance(value, yaml.SequenceNode):
        return {name: Told(key.value, _choices(key, value, table, mistakes), _line(key))}
    mistakes.append(_wrong("yaml_text_wanted", table, key))
    return {}


def _wording(key: yaml.ScalarNode, value: yaml.Node, table: Table, mistakes: list[Mistake]) -> dict[str, str]:
    if isinstance(value, yaml.ScalarNode):
        text = _text(value)
        return {language_of(text): text} if text else {}
    wording: dict[str, str] = {}
    if not isinstance(value, yaml.MappingNode):
        mistakes.append(_wrong("yaml_text_wanted", table, key))
        return wording
    for language, text in _pairs(value, table, mistakes):
        name = "zh_Hans" if folded(language.value) in _CHINESE else "en" if folded(language.value) in _ENGLISH else ""
        if not name:
            mistakes.append(_wrong("yaml_key_unknown", table, language))
        elif not isinstance(text, yaml.ScalarNode):
            mistakes.append(_wrong("yaml_text_wanted", table, language))
        elif told := _text(text):
            wording[name] = told
    return wording


def _choices(key: yaml.ScalarNode, nodes: yaml.SequenceNode, table: Table, mistakes: list[Mistake]) -> str:
    """As they stand in a cell of a workbook: what is read there needs to be known in one place only."""
    lines: list[str] = []
    for node in nodes.value:
        if isinstance(node, yaml.ScalarNode):
            lines.append(" ".join((_text(node) or "").split("\n")))
        elif isinstance(node, yaml.MappingNode):
            lines.append(_choice_line(key, node, table, mistakes))
        else:
            mistakes.append(Mistake("yaml_text_wanted", table, _line(node), title=key.value))
    return "\n".join(lines)


def _choice_line(key: yaml.ScalarNode, node: yaml.MappingNode, table: Table, mistakes: list[Mistake]) -> str:
    named: list[tuple[Any, Any]] = []
    choice_id = ""
    for name, value in node.value:
        if (
            isinstance(name, yaml.ScalarNode)
            and folded(name.value) in ("id", "编号")
            and isinstance(value, yaml.ScalarNode)
        ):
            choice_id = _text(value) or ""
        else:
            named.append((name, value))
    label = _wording(key, yaml.MappingNode(node.tag, named, node.start_mark, node.end_mark), table, mistakes)
    return choices_written([Choice(choice_id, label)]) if choice_id else wording_written(label)


def _text(node: yaml.ScalarNode) -> str | None:
    """As it is written: `no` is a word here, whatever YAML makes of it."""
    return None if node.tag == _NULL else str(node.value)


def _wrong(code: str, table: Table, key: yaml.Node) -> Mistake:
    return Mistake(code, table, _line(key), title=str(key.value) if isinstance(key, yaml.ScalarNode) else "")


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
