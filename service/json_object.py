"""A JSON object as Python has it, whatever it holds."""

from typing import Any

Json = dict[str, Any]
