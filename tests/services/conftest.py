"""The registry of customers, with an admin who sends lists to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from desk_talk import Guest
from registry import Registry, opened

from storage.database import Database


@pytest.fixture
async def registry(database: Database, tmp_path: Path) -> AsyncIterator[Registry]:
    async with opened(database, tmp_path / "blobs") as registry:
        yield registry


@pytest.fixture
async def ann(registry: Registry) -> Guest:
    return await registry.office.member(11, "Ann")
