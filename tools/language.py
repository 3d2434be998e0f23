"""Writes the tables of keys in docs/reference/ from the shapes of the documents and the operators.

    python tools/language.py            writes the tables
    python tools/language.py --check    says what is wrong, also where a table is out of date, and ends with 1

A table stands between `<!-- keys: NAME -->` and `<!-- end -->`; NAME is a shape of
service/library/shapes/, an operator, or a table of `written_by_hand`. The tool writes which keys there
are, which must be given (bold) and which values they take. The last column, the meaning, is written by hand
in the page and kept; a key without a meaning, and a shape or operator without a table, is a mistake.
"""

import argparse
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from service.library import shapes
from service.library.criteria.heading import GROUPS, HEADING_KEYS, LEAVES, NEEDED, REVIEW, ROLES
from service.library.shapes.operator_shapes import (
    COMPARE_KEYS,
    FLAGS,
    LISTS,
    NESTED,
    RECORDED_KEYS,
    OperatorShape,
    TrialShape,
    shape_of,
)
from service.library.shapes.written import Shape, Texts
from service.policy.amount import Amount, Span
from service.policy.operators import Background, Compare, Recorded

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs/reference"
TABLE = re.compile(r"<!-- keys: (\w+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
# Explained by hand in clients.md, since no pharmacist writes them.
NOT_HERE = {"ClientsShape", "ClientShape", "KeysShape", "AliasShape", "SmartShape"}
PLAIN: dict[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    date: "day",
    Span: "span",
    Amount: "amount",
    Any: "criterion",
}
ABOUT_VALUES = {
    "reading": "text or list",
    "statement": "see [Statements](#statements)",
    "usual": "`true`",
    "notice": "list of: **`when`**, **`says`**",
}
GROUP_VALUES = {
    "all": "list of criteria",
    "any": "list of criteria",
    "not": "criterion",
    "at_least_of": "map of: **`n`**, **`of`**",
    "choose": "map of: **`test`**, **`met`**, **`not_met`**",
    "one_class": "map of: **`of`**, **`all`**",
}
# Names that the reader of the documents resolves, so that the operator holds more than is written.
WRITTEN = {
    "accepts": "evidence set",
    "any_of": "list, or list for each indication",
    "before_first": "text or list",
    "is": "`true`",
    "recorded": "fact or list",
    "during": "background or list",
}
RESOLVED = {"of_disease"}


class Key(NamedTuple):
    """One key of a table: whether it must be given, and its values in words (empty: not shown)."""

    needed: bool
    value: str = ""


def tables(tabled: AbstractSet[str] = frozenset()) -> dict[str, dict[str, Key]]:
    """Every table that a page can show, by its name; `tabled` are those that some page shows."""
    operators = {
        name: _keys(shape_of(operator), written=True, listed=LISTS.get(name, ()))
        for name, operator in NESTED.items()
    }
    return {
        **{name: _keys(model, tabled) for name, model in _shapes().items()},
        **operators,
        "trial": _keys(TrialShape, written=True),
        "background": _keys(shape_of(Background), written=True, listed=LISTS["supply"]),
        **written_by_hand(),
    }


def written_by_hand() -> dict[str, dict[str, Key]]:
    """Tables of what a criterion is made of, whose keys are lists of words in the code."""
    fact = _keys(shape_of(Compare), written=True)
    recorded = _keys(shape_of(Recorded), written=True)
    return {
        "criterion": {
            key: Key(key in NEEDED, ABOUT_VALUES.get(key, "text")) for key in HEADING_KEYS
        },
        "groups": {key: Key(needed=False, value=GROUP_VALUES[key]) for key in GROUPS},
        "statement": {str(role): Key(needed=False) for role in ("true", *ROLES, REVIEW)},
        "operators": {key: Key(needed=False) for key in LEAVES},
        "fact": {key: fact[key] for key in COMPARE_KEYS},
        "recorded": {"recorded": Key(True, WRITTEN["recorded"])}  # noqa: FBT003 - a named tuple
        | {key: recorded[key] for key in RECORDED_KEYS},
    }


def _shapes() -> dict[str, type[BaseModel]]:
    """Every shape in service/library/shapes/ by the name of its class."""
    prefix = f"{shapes.__name__}."
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(shapes.__path__, prefix)
    ]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, BaseModel)
        and not issubclass(value, OperatorShape)
        and value not in (Shape, TrialShape)
        and value.__module__.startswith(prefix)
    }


def _keys(
    model: type[BaseModel],
    tabled: AbstractSet[str] = frozenset(),
    *,
    written: bool = False,
    listed: Sequence[str] = (),
) -> dict[str, Key]:
    hints = get_type_hints(model, include_extras=True)
    found = {}
    for name, key, needed, default in _fields(model):
        if name in RESOLVED:
            continue
        value = WRITTEN.get(key) if written else None
        if value is None and key in listed:
            value = "text or list"
        if value is None:
            value = f"{in_words(hints[name], tabled)}{_left_out(default)}"
        found[key] = Key(needed, value)
    return found


def _fields(model: type[Any]) -> Iterator[tuple[str, str, bool, object]]:
    """Name, written key, whether it must be given, and the default of each field."""
    for name, field in model.model_fields.items():
        default = None if field.default_factory else field.default
        yield name, field.alias or name, field.is_required(), default


def _left_out(default: object) -> str:
    if isinstance(default, bool) or not isinstance(default, str | int | float):
        return ""
    return f"; `{default if isinstance(default, str) else f'{default:g}'}` if left out"


def in_words(hint: Any, tabled: AbstractSet[str] = frozenset()) -> str:
    """The values of a type, in words for a reader who writes no program.

    The keys of a part are named, unless the part has a table of its own.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if hint == Texts:
        return "text or list"
    if origin is Annotated:
        return in_words(inner[0], tabled)
    if origin in (Union, UnionType):
        return " or ".join(in_words(one, tabled) for one in inner if one is not NoneType)
    if origin is Literal:
        return ", ".join(f"`{str(one).lower() if one is True else one}`" for one in inner)
    if origin in (tuple, dict, Mapping):
        return (_list if origin is tuple else _map)(inner, tabled)
    return PLAIN.get(hint) or _of_a_class(hint, tabled)


def _of_a_class(model: type, tabled: AbstractSet[str]) -> str:
    if issubclass(model, Enum):
        return ", ".join(f"`{one.value}`" for one in model)
    if model.__name__ in tabled:
        return "map; see its table"
    return f"map of: {', '.join(_code(key, needed=needed) for _, key, needed, _ in _fields(model))}"


def _list(inner: tuple[Any, ...], tabled: AbstractSet[str]) -> str:
    if inner[-1] is not Ellipsis:
        return f"list of {len(inner)} values"
    if inner[0] is Any:
        return "list of criteria"
    each = in_words(inner[0], tabled)
    if each == "text":
        return "list"
    if each.startswith("map by name"):
        return "list of maps"
    if each.startswith("map;"):
        return each.replace("map", "list", 1)
    return f"list of: {each.removeprefix('map of: ')}"


def _map(inner: tuple[Any, ...], tabled: AbstractSet[str]) -> str:
    key, value = inner
    named = f" for {in_words(key)}" if get_origin(key) is Literal else " by name"
    if value is Any:
        return f"map{named}"
    return f"map{named}: {in_words(value, tabled).removeprefix('map of: ')}"


def _code(key: str, *, needed: bool) -> str:
    return f"**`{key}`**" if needed else f"`{key}`"


def page_with_tables(text: str, known: Mapping[str, Mapping[str, Key]], wrong: list[str]) -> str:
    """The page with each of its tables written again; what is wrong is added to `wrong`."""

    def again(found: re.Match[str]) -> str:
        name, old = found.groups()
        if name not in known:
            wrong.append(f"no table '{name}'")
            return found[0]
        return f"<!-- keys: {name} -->\n{_table(name, old, known[name], wrong)}<!-- end -->\n"

    return TABLE.sub(again, text)


def _table(name: str, old: str, keys: Mapping[str, Key], wrong: list[str]) -> str:
    lines = [_cells(line) for line in old.splitlines() if line.startswith("|")]
    head, rows = lines[0], lines[2:]
    shown: set[str] = set()
    made = []
    for row in rows:
        named = re.findall(r"`([^`]+)`", row[0])
        wrong += [f"{name}: '{key}' is no key" for key in named if key not in keys]
        shown |= set(named)
        if here := [key for key in named if key in keys]:
            made.append((here, row[-1]))
            wrong += [f"{name}: say what '{here[0]}' means"] if not row[-1] else []
    for key in keys.keys() - shown:
        wrong.append(f"{name}: say what '{key}' means")
    made += [([key], "") for key in keys if key not in shown]
    return "".join(_lines(head, made, keys))


def _lines(
    head: list[str], rows: Sequence[tuple[list[str], str]], keys: Mapping[str, Key]
) -> Iterator[str]:
    valued = any(key.value for key in keys.values())
    columns = [head[0], "Value", head[-1]] if valued else [head[0], head[-1]]
    yield f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"
    for named, meaning in rows:
        first = ", ".join(_code(key, needed=keys[key].needed) for key in named)
        values = "; ".join(dict.fromkeys(keys[key].value for key in named))
        yield f"| {first} | {values} | {meaning} |\n" if valued else f"| {first} | {meaning} |\n"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def unshown(texts: Sequence[str]) -> Iterator[str]:
    """Shapes, operators and lists of words that no page explains."""
    pages = "".join(texts)
    tabled = {name for name, _ in TABLE.findall(pages)}
    models = _shapes()
    inner = {name: _inside(model) for name, model in models.items()}
    reached = tabled | {part for name in tabled for part in inner.get(name, set())}
    parents = {name for model in models.values() for name in _parents(model)}
    for name in sorted(tables().keys() - reached - parents - NOT_HERE):
        yield f"no page has the table '{name}'"
    for name in FLAGS:
        if f"`{name}`" not in pages:
            yield f"no page explains '{name}'"


def _parents(model: type[BaseModel]) -> set[str]:
    """The shapes whose keys a shape takes over, so that its own table has them."""
    return {one.__name__ for one in model.__mro__[1:] if issubclass(one, BaseModel)}


def _inside(model: type[BaseModel]) -> set[str]:
    """The shapes whose keys a table of this one names."""
    return {one.__name__ for hint in get_type_hints(model).values() for one in _models(hint)}


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for one in get_args(hint):
        yield from _models(one)


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the tables, or with `--check` compares them; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--pages", type=Path, default=PAGES)
    given = parser.parse_args(arguments)
    wrong: list[str] = []
    texts = {page: page.read_text(encoding="utf-8") for page in sorted(given.pages.glob("*.md"))}
    known = tables({name for text in texts.values() for name, _ in TABLE.findall(text)})
    for page, text in texts.items():
        found: list[str] = []
        written = page_with_tables(text, known, found)
        wrong += [f"{page.name}: {one}" for one in found]
        if written == text:
            continue
        if given.check:
            wrong.append(f"{page.name}: out of date; run python tools/language.py")
        else:
            page.write_text(written, encoding="utf-8")
    wrong += unshown(list(texts.values()))
    sys.stderr.write("".join(f"{one}\n" for one in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
