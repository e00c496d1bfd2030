"""The domain is made of the standard library and geodesy alone: no package may come in unnoticed."""

import ast
import sys
from pathlib import Path

import pytest

DOMAIN = Path(__file__).resolve().parents[2] / "bot" / "domain"
ALLOWED = sys.stdlib_module_names | {"geopy"}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", sorted(DOMAIN.rglob("*.py")), ids=lambda path: str(path.relative_to(DOMAIN)))
def test_the_domain_imports_nothing_but_the_standard_library_and_geodesy(path: Path) -> None:
    others = {name for name in imported(path) if not name.startswith("bot.domain")}
    assert {name.partition(".")[0] for name in others} <= ALLOWED
    assert all(name.startswith("geopy.distance") for name in others if name.startswith("geopy"))
