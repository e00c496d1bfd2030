"""Rows become files: in parts where one would be too large, each whole in itself, with what Excel needs to read it."""

import io
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.domain.export import Form
from bot.media.export_files import Column, Layout, Look, Record, Tab, TooLarge, Written, spool_into, write_files
from bot.media.worksheets import read_sheets

CODE = [Column("id", "ID", Look.TEXT, 20), Column("name", "Name", width=200)]
ONE = Layout([Tab("all", "All", CODE)])
TWO = Layout([Tab("all", "Visits", CODE), Tab("of:x", "visits", CODE)])


def written(
    folder: Path, form: Form, records: Sequence[Record], layout: Layout = ONE, largest: int | None = None
) -> list[Written]:
    spool = folder / "rows"
    with spool.open("wb") as file:
        for start in range(0, len(records), 3):
            spool_into(file, records[start : start + 3])
    return write_files(spool, folder, form, layout, len(records), largest)


def some(number: int) -> list[Record]:
    return [{"all": {"id": f"{each:05}", "name": "=1"}} for each in range(number)]


@pytest.mark.parametrize("form", [Form.XLSX, Form.CSV])
def test_files_are_split_until_each_fits_and_no_row_is_lost(tmp_path: Path, form: Form) -> None:
    (whole,) = written(tmp_path, form, some(400))
    largest = int(whole.path.stat().st_size * 0.75)
    files = written(tmp_path, form, some(400), largest=largest)
    assert len(files) > 1
    assert all(file.path.stat().st_size <= largest for file in files)
    ids: list[str] = []
    for file in files:
        titles, *rows = read_sheets(file.path.read_bytes(), file.path.name, 1)[0].rows
        assert titles.cells == ("ID", "Name")
        ids += [str(row.cells[0]) for row in rows]
        assert len(rows) == file.records
    assert ids == [f"{each:05}" for each in range(400)]


def test_one_thing_that_is_too_large_alone_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        written(tmp_path, Form.CSV, some(2), largest=10)


def test_tabs_that_are_called_alike_get_names_of_their_own(tmp_path: Path) -> None:
    records: list[Record] = [{"all": {"id": "1"}, "of:x": {"id": "2"}}]
    (file,) = written(tmp_path, Form.XLSX, records, TWO)
    assert [sheet.name for sheet in read_sheets(file.path.read_bytes(), "x", 9)] == ["Visits", "visits 2"]
    (file,) = written(tmp_path, Form.CSV, records, TWO)
    assert zipfile.ZipFile(file.path).namelist() == ["Visits.csv", "visits 2.csv"]
    assert file.suffix == "zip"


def test_columns_have_the_width_and_the_look_that_they_are_given(tmp_path: Path) -> None:
    (file,) = written(tmp_path, Form.XLSX, some(1))
    book = zipfile.ZipFile(io.BytesIO(file.path.read_bytes()))
    sheet, styles = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/styles.xml").decode()
    widths = [round(float(width)) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet)]
    assert widths == [21, 61], "as given, and no wider than a screen"
    assert 'formatCode="@"' in styles
    assert "<autoFilter" in sheet
    assert 'state="frozen"' in sheet


def test_what_has_no_place_is_a_feature_without_a_geometry(tmp_path: Path) -> None:
    records: list[Record] = [{"all": {"id": "1", "latitude": 29.5, "longitude": 106.5}}, {"all": {"id": "2"}}]
    (file,) = written(tmp_path, Form.GEOJSON, records)
    first, second = json.loads(file.path.read_text(encoding="utf-8"))["features"]
    assert first["geometry"]["coordinates"] == [106.5, 29.5]
    assert (second["geometry"], second["properties"]) == (None, {"id": "2"})
