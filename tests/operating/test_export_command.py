"""`rounds export` as an operator uses it: a folder, a form, some days, and sentences otherwise."""

import stat
from pathlib import Path

import pytest
from operators_host import Host
from sqlalchemy import create_engine, text

from storage.migrations.upgrade import upgrade


@pytest.fixture
def host(tmp_path: Path) -> Host:
    host = Host(tmp_path)
    upgrade(host.database)
    engine = create_engine(host.database)
    columns = (
        "name, aliases, tags, industry, region, address, contact_name, phone, note, search_text, is_new, created_at"
    )
    values = "'Harbour Bakery', '[]', '[]', '', '', '', '', '', '', '', 0, '2026-11-01 00:00:00'"
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO customer ({columns}) VALUES ({values})"))
    engine.dispose()
    return host


async def test_the_customers_go_into_a_folder_and_nothing_is_overwritten(host: Host, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    code, said = await host.runs("export", "customers", str(folder), "--form", "csv")
    (path,) = folder.iterdir()
    assert (code, said) == (0, f"{path}: 1 customers\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Harbour Bakery" in path.read_text(encoding="utf-8-sig")
    code, said = await host.runs("export", "customers", str(folder), "--form", "csv")
    assert (code, "overwrites nothing" in said) == (1, True)
    engine = create_engine(host.database)
    with engine.connect() as connection:
        acts = connection.execute(text("SELECT area, what, person_id FROM audit")).all()
    engine.dispose()
    assert acts == [("export", "sent", None)]


async def test_what_cannot_be_is_told_in_a_sentence(host: Host, tmp_path: Path) -> None:
    code, said = await host.runs("export", "followups", str(tmp_path), "--form", "geojson")
    assert (code, said) == (1, "rounds: followups come as xlsx or csv\n")
    code, said = await host.runs("export", "visits", str(tmp_path), "--days", "yesterday")
    assert (code, "such as 2026-10-01 2026-10-31" in said) == (1, True)
    code, said = await host.runs("export", "visits", str(tmp_path), "--days", "2026-10")
    assert (code, said) == (1, "rounds: there is nothing to put into a file\n")
