"""The parts of a letter are plain text and numbers, so that each form of it can set them."""

from dataclasses import asdict
from typing import Any

import orjson
from support.packets import recorded_packet


def test_letter_is_plain_data() -> None:
    content: Any = asdict(recorded_packet("initial-fully-met").letter)
    assert orjson.loads(orjson.dumps(content))["title"] == content["title"]
    assert content["words"]["criteria"] == "Every criterion of the policy"
