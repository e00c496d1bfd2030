"""What only workers need stays out of the bot's own process: it is on duty day and night, and has to start soon."""

import subprocess
import sys
from pathlib import Path

FOR_WORKERS = {"PIL", "pillow_heif", "pypinyin", "python_calamine", "xlsxwriter"}


def test_the_libraries_of_the_workers_are_not_loaded() -> None:
    """Together they take 75 MB and most of a second."""
    asked = "import sys, bot.serving; from storage.search_keys import search_keys; search_keys('重庆')"
    words = f"{asked}; print(*sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    assert FOR_WORKERS & set(done.stdout.split()) == set()
