"""What the tests of faults share: a town on each kind of database. On PostgreSQL they take their time, as the storm."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from conftest import new_database
from faults.town import Town, founded
from fresh_database import sqlite_in


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.storm)])
async def town(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    """A town whose bot has a database of its own."""
    if request.param == "sqlite":
        url = sqlite_in(tmp_path)
    else:
        url = new_database(request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex}", "template_rounds")
    async with founded(url, tmp_path) as opened:
        yield opened
