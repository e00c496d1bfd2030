"""Every choice that a button can make: read from the templates, so that no button is forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, nodes

import templates

MESSAGES = Path(templates.__file__).parent / "messages"


@dataclass(frozen=True, order=True)
class Choice:
    """What a button gives: to a `flow` that it names, or (`placed`) to the one whose question it belongs to.

    `pattern` has a * where a value stands. For a placed button `flow` is the folder of its template. `about`: a
    button that stands for itself names a thing by its id.
    """

    flow: str
    pattern: str
    placed: bool
    about: bool = False


Names = dict[str, list[str]]  # what a template sets before it includes another one


def every_choice() -> set[Choice]:
    """The choices of all templates."""
    environment = Environment(
        loader=FileSystemLoader(MESSAGES.parent), extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True
    )
    found: set[Choice] = set()
    for path in sorted(MESSAGES.rglob("*.html")):
        found.update(_choices(environment, path, path.parent.name, {}))
    return found


def _choices(environment: Environment, path: Path, folder: str, outer: Names) -> Iterator[Choice]:
    """Those of a template and of what it includes; a part whose flow only its includer knows is taken with that."""
    tree = environment.parse(path.read_text(encoding="utf-8"))
    names = dict(outer)
    for assign in tree.find_all(nodes.Assign):
        if isinstance(assign.target, nodes.Name):
            names[assign.target.name] = _patterns(assign.node, outer)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "button":
            flows = _patterns(call.args[2], names) if len(call.args) > 2 else []
            for pattern in _patterns(call.args[1], names):
                about = len(call.args) > 3
                yield from (Choice(flow, pattern, placed=False, about=about) for flow in flows if flow != "*")
                if not flows:
                    yield Choice(folder, pattern, placed=True)
    for include in tree.find_all(nodes.Include):
        if isinstance(include.template, nodes.Const):
            yield from _choices(environment, MESSAGES.parent / include.template.value, folder, names)


def _patterns(choice: nodes.Expr, names: Names) -> list[str]:
    match choice:
        case nodes.Const():
            return [str(choice.value)]
        case nodes.Name() if choice.name in names:
            return names[choice.name]
        case nodes.Concat():
            texts = [""]
            for node in choice.nodes:
                texts = [text + part for text in texts for part in _patterns(node, names)]
            return [text.replace("**", "*") for text in texts]
        case nodes.CondExpr():
            other = _patterns(choice.expr2, names) if choice.expr2 is not None else []
            return [*_patterns(choice.expr1, names), *other]
        case _:
            return ["*"]
