"""What only workers need, or only a first start, stays out of the process that is on duty day and night."""

import subprocess
import sys
from pathlib import Path

from storage.migrations.upgrade import known_revisions, upgrade
from storage.schema import is_current, newest_revision

FOR_WORKERS = {"PIL", "pillow_heif", "pypinyin", "python_calamine", "resvg_py", "xlsxwriter", "zxingcpp"}


def test_the_libraries_of_the_workers_are_not_loaded() -> None:
    """Together they take 75 MB and most of a second."""
    asked = "import sys, bot.serving; from storage.search_keys import search_keys; search_keys('重庆')"
    words = f"{asked}; print(*sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    assert FOR_WORKERS & set(done.stdout.split()) == set()


def test_what_a_database_needs_once_is_not_loaded(tmp_path: Path) -> None:
    """Alembic, once the schema is the newest."""
    url = f"sqlite:///{tmp_path / 'rounds.db'}"
    assert not is_current(url)
    upgrade(url)
    words = f"import sys, bot.serving as s; s._bring_up({url!r}); print(*sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    assert "alembic" not in done.stdout.split()


def test_the_newest_step_is_known_by_its_file() -> None:
    assert newest_revision() in known_revisions()
    assert newest_revision() == max(known_revisions())
