"""Write a checklist as YAML: what is as always is left out."""

from typing import Any

import yaml

from bot.domain.sop import Choice, Item, Sop, Wording


def write_yaml(sop: Sop) -> bytes:
    """The document, in UTF-8."""
    document: dict[str, Any] = {"type": sop.type, "title": _said(sop.title), "ordered": sop.ordered}
    if sop.groups:
        document["groups"] = [
            {
                "id": group.id,
                "title": _said(group.title),
                **({"entries": [_choice(entry) for entry in group.entries]} if group.entries else {}),
                **({"open": True} if group.open else {}),
                **({"required": True} if group.required else {}),
            }
            for group in sop.groups
        ]
    document["items"] = [_item(item) for item in sop.items]
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)
    return text.encode()


def _item(item: Item) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": item.kind.value,
        "id": item.id,
        "title": _said(item.title),
        "hint": _said(item.hint),
        "required": None if item.required else False,
        "choices": [_choice(choice) for choice in item.choices],
        "unit": _said(item.unit),
        "least": _number(item.least),
        "most": _number(item.most),
        "minimum": item.minimum if item.minimum != 1 else None,
        "when": item.when,
        "group": item.group,
        "checks": [
            {"holds": one.holds, "message": _said(one.message), **({"soft": True} if one.soft else {})}
            for one in item.checks
        ],
    }
    return {key: value for key, value in values.items() if value not in (None, "", {}, [])}


def _said(wording: Wording) -> dict[str, str]:
    return {short: wording[name] for short, name in (("en", "en"), ("zh", "zh_Hans")) if wording.get(name)}


def _choice(choice: Choice) -> dict[str, str]:
    return {"id": choice.id, **_said(choice.label)}


def _number(value: float | None) -> float | None:
    return int(value) if value is not None and float(value).is_integer() else value
