"""How every contender is started: where Telegram is, which bot it is, and where it may keep its data."""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

FIRST_PERSON_ID = 700_000_001  # as the sandbox counts
ITEMS = 12  # of a checklist, each a number


@dataclass(frozen=True)
class Side:
    """`api` is the sandbox's address, `folder` an empty folder, `people` how many may write, by FIRST_PERSON_ID."""

    api: str
    token: str
    folder: Path
    people: int
    profile: str

    @property
    def telegram_ids(self) -> range:
        return range(FIRST_PERSON_ID, FIRST_PERSON_ID + self.people)


def asked() -> Side:
    parser = argparse.ArgumentParser()
    parser.add_argument("--api", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--profile", choices=("", "loop", "writer"), default="")
    return Side(**vars(parser.parse_args()))


def ready() -> None:
    """Tell the bench that polling begins."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
