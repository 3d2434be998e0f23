"""Case files: strict YAML in which `on`, `yes` and dates are plain text, no key twice."""

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Plain
except ImportError:  # PyYAML without libyaml gives the same result
    from yaml import SafeLoader as _Plain  # type: ignore[assignment]

from service.errors import CaseError


class _Loader(_Plain):
    """YAML without its surprises: no dates, and only true and false are not text."""


_PLAIN = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
_Loader.yaml_implicit_resolvers = {
    first: [one for one in known if one[0] not in _PLAIN]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_scalar(key_node))
        if key in pairs:
            line = key_node.start_mark.line + 1
            raise CaseError(f"line {line}: the key '{key}' stands twice")
        pairs[key] = loader.construct_object(value_node, deep=True)
    return pairs


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_case_file(path: Path) -> Any:
    """One YAML file as plain Python; a CaseError names what cannot be read."""
    try:
        return parse_case_text(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise CaseError(f"{path}: cannot be read: {error.strerror}") from error
    except CaseError as error:
        raise CaseError(f"{path}: {error}") from error


def parse_case_text(written: str) -> Any:
    """YAML text as plain Python; a CaseError names the line."""
    loader = _Loader(written)
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise CaseError(f"{where}not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise CaseError(f"not YAML: {error}") from error
    finally:
        loader.dispose()


def only(raw: Any, known: AbstractSet[str], where: str) -> dict[str, Any]:
    """A mapping with known keys only; any other key is refused by name."""
    if not isinstance(raw, dict):
        raise CaseError(f"{where}: a mapping is needed here, not '{raw}'")
    unknown = sorted(set(raw) - known)
    if unknown:
        raise CaseError(f"{where}: unknown '{unknown[0]}'; known are {', '.join(sorted(known))}")
    return raw
