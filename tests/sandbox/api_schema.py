"""Checks JSON against Telegram's own description of the Bot API (api.json): types, fields required and unknown."""

import json
import re
from pathlib import Path
from typing import Any

API_JSON = Path(__file__).resolve().parents[3] / "shared" / "data" / "telegram" / "api.json"

_FIXED = re.compile(r"(?:always|must be) [“\"]?(\w+)[”\"]?")
_ARRAY = "Array of "


class ApiSchema:
    """`check` is the hook of the sandbox: it notes every deviation and lets the traffic pass.

    `problems` are the sandbox's (updates and results), `call_problems` the bot's.
    """

    def __init__(self, path: Path = API_JSON) -> None:
        described = json.loads(path.read_text(encoding="utf-8"))
        self.types: dict[str, Any] = described["types"]
        self.methods: dict[str, Any] = described["methods"]
        self.problems: list[str] = []
        self.call_problems: list[str] = []
        self.seen: set[str] = set()

    def check(self, kind: str, value: Any) -> None:
        """Take note of what is wrong with an update, the params of a call, or a result."""
        self.seen.add(kind)
        if kind == "update":
            self.problems += self.errors_of("Update", value, "update")
            return
        part, _, method = kind.partition(":")
        if part == "call":
            self.call_problems += self._object_errors(self.methods[method], value, kind, form=True)
        else:
            self.problems += self.union_errors(self.methods[method]["returns"], value, kind)

    def union_errors(self, types: list[str], value: Any, where: str, form: bool = False) -> list[str]:
        """What is wrong with a value that may be of any of these types; nothing if it is one of them."""
        found: list[str] = []
        for name in types:
            errors = self.errors_of(name, value, where, form)
            if not errors:
                return []
            found += errors
        return found

    def errors_of(self, name: str, value: Any, where: str, form: bool = False) -> list[str]:
        """What is wrong with a value of one type. In a form, everything but text comes as text."""
        if form and isinstance(value, str) and name not in ("String", "InputFile"):
            try:
                value = json.loads(value)
            except ValueError:
                return [f"{where}: {value!r} is no {name}"]
        if name.startswith(_ARRAY):
            if not isinstance(value, list):
                return [f"{where}: {value!r} is no {name}"]
            inner = name.removeprefix(_ARRAY)
            return [error for i, item in enumerate(value) for error in self.errors_of(inner, item, f"{where}[{i}]")]
        plain = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float)}.get(name)
        if plain is not None:
            fits = isinstance(value, plain) and (name == "Boolean" or not isinstance(value, bool))
            return [] if fits else [f"{where}: {value!r} is no {name}"]
        if name == "InputFile":
            fits = hasattr(value, "source") or str(value).startswith("attach://")
            return [] if fits else [f"{where}: {value!r} is no file"]
        described = self.types[name]
        if described.get("subtypes"):
            return self.union_errors(described["subtypes"], value, where)
        return self._object_errors(described, value, f"{where}({name})")

    def _object_errors(self, described: Any, value: Any, where: str, form: bool = False) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no object"]
        fields = {field["name"]: field for field in described.get("fields", [])}
        # Parts of a multipart form that attach:// points to are named freely.
        attached = {name for name, item in value.items() if form and hasattr(item, "source")}
        errors = [f"{where}: unknown field {name}" for name in value if name not in fields and name not in attached]
        for name, field in fields.items():
            if name not in value:
                if field["required"]:
                    errors.append(f"{where}: {name} is missing")
                continue
            errors += self.union_errors(field["types"], value[name], f"{where}.{name}", form)
            fixed = _FIXED.search(field["description"])
            if name in ("type", "status") and fixed and value[name] != fixed[1]:
                errors.append(f"{where}.{name}: {value[name]!r} is not {fixed[1]!r}")
        return errors
