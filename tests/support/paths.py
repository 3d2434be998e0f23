"""Where the project lies, and YAML files of it as plain Python."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


def yaml_of(path: Path) -> Any:
    """What a YAML file holds, read by libyaml: ten times as fast as Python's own reader."""
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
