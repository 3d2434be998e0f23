"""Case files: strict YAML in which `on`, `yes` and dates are plain text, no key twice."""

from pathlib import Path
from typing import Any

import yaml


class CaseError(Exception):
    """A case that cannot be understood; the message names the place and the word."""


class _Loader(yaml.CSafeLoader):
    """YAML without its surprises: no dates, and only true and false are not text."""


_PLAIN = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
_Loader.yaml_implicit_resolvers = {
    first: [one for one in known if one[0] not in _PLAIN]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_scalar(key_node))
        if key in found:
            line = key_node.start_mark.line + 1
            raise CaseError(f"line {line}: the key '{key}' stands twice")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path) -> Any:
    """One YAML file as plain Python."""
    return parse(path.read_text(encoding="utf-8"))


def parse(written: str) -> Any:
    """YAML text as plain Python."""
    loader = _Loader(written)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def only(raw: Any, known: set[str], where: str) -> dict[str, Any]:
    """A mapping with known keys only; any other key is refused by name."""
    if not isinstance(raw, dict):
        raise CaseError(f"{where}: a mapping is needed here, not '{raw}'")
    unknown = sorted(set(raw) - known)
    if unknown:
        raise CaseError(f"{where}: unknown '{unknown[0]}'; known are {', '.join(sorted(known))}")
    return raw
