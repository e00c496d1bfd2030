"""Customers are found by what people type, on both databases."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    insert,
    or_,
    text,
)

from storage.customer_index import CustomerIndex
from storage.search_keys import index_entries, search_keys

NAMES = {
    1: "重庆长乐银行",
    2: "重庆长江银行",
    3: "上海永辉超市(七宝店)",
    4: "永辉超市",
    5: "Golden Dragon Trading",
    6: "乐购超市(莘松店)",
    7: "北京银行",
    8: "!!!",
}
PHONES = {4: "13800138000"}
TAGS = {5: ["VIP"]}
OWNERS = {1: 70, 3: 70, 7: None}

_METADATA = MetaData()
_ID = BigInteger().with_variant(Integer, "sqlite")
CUSTOMERS = Table(
    "customer",
    _METADATA,
    Column("id", _ID, primary_key=True),
    Column("search_text", Text),
    Column("owner_id", _ID),
)
KEYS = Table(
    "search_key",
    _METADATA,
    Column("key", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),
    Column("customer_id", _ID, primary_key=True),
    Index("search_key_customer", "customer_id"),
    sqlite_with_rowid=False,
)
INDEX = CustomerIndex(KEYS, CUSTOMERS)


@pytest.fixture(params=["sqlite", "postgres"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    if request.param == "sqlite":
        engine, schema = create_engine(f"sqlite:///{tmp_path / 'search.db'}"), ""
    else:
        engine, schema = create_engine(request.getfixturevalue("postgres")), f"s{uuid.uuid4().hex}"
    with engine.begin() as opened:
        if schema:
            opened.execute(text(f"CREATE SCHEMA {schema}"))
            opened.execute(text(f"SET search_path TO {schema}"))
        _METADATA.create_all(opened)
        rows = [
            {"id": number, "search_text": "\n".join(search_keys(name)), "owner_id": OWNERS.get(number, 80)}
            for number, name in NAMES.items()
        ]
        opened.execute(insert(CUSTOMERS), rows)
        INDEX.put(
            opened,
            {
                number: index_entries(name, phone=PHONES.get(number, ""), tags=TAGS.get(number, ()))
                for number, name in NAMES.items()
            },
        )
        yield opened
        if schema:
            opened.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cqclyh", [1]),
        ("长乐", [1]),
        ("changjiang", [2]),
        ("重庆 银行", [1, 2]),
        ("重庆cl", [1]),
        ("永辉超市", [4, 3]),
        ("永辉 七宝", [3]),
        ("8000", [4]),
        ("vip", [5]),
        ("gdt", [5]),
        ("银行", [7, 1, 2]),
        ("chaoshi", [4, 6, 3]),
    ],
)
def test_part_of_a_name_pinyin_initials_phone_or_tag_finds_the_closest_first(
    connection: Connection, typed: str, found: list[int]
) -> None:
    assert INDEX.find(connection, typed) == found


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("重庆常乐银行", 1),  # the same sound
        ("重庆长勒银行", 1),
        ("重庆长红银行", 2),  # one character wrong: either bank, and Changjiang was meant as well
        ("chongqngchangle", 1),  # a letter missing
        ("yonghuichaosih", 4),  # two exchanged
        ("cqclyg", 1),
        ("golden drgaon", 5),
        ("常乐", 1),
    ],
)
def test_a_typo_finds_what_was_meant(connection: Connection, typed: str, first: int) -> None:
    found = INDEX.find(connection, typed)
    assert first in found[:2]


@pytest.mark.parametrize(
    "typed", ["", "  ", "?!", "zzzz", "龘", "8003", "永辉 北京", "%", "_", "'; DROP TABLE customer"]
)
def test_nonsense_finds_nobody(connection: Connection, typed: str) -> None:
    assert INDEX.find(connection, typed) == []


@pytest.mark.parametrize("few", [0, 2_000])
def test_only_what_a_person_may_see_is_found_be_it_much_or_little(connection: Connection, few: int) -> None:
    index = replace(INDEX, few=few)
    own = or_(CUSTOMERS.c.owner_id == 70, CUSTOMERS.c.owner_id.is_(None))
    assert index.find(connection, "银行", visible=own) == [7, 1]
    assert index.find(connection, "重庆 银行", visible=own) == [1]
    assert index.find(connection, "changjing", visible=own) == []
    assert index.find(connection, "重庆常乐", visible=own) == [1]
    assert INDEX.find(connection, "changjing") == [2]


def test_no_more_are_found_than_asked_for(connection: Connection) -> None:
    assert INDEX.find(connection, "银行", limit=2) == [7, 1]


def test_a_new_name_replaces_what_found_the_old_one(connection: Connection) -> None:
    INDEX.put(connection, {4: index_entries("物美超市")})
    assert INDEX.find(connection, "wumei") == [4]
    assert 4 not in INDEX.find(connection, "永辉超市")
