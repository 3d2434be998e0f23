"""Has a second process draw, refuse what is no picture, and draw again; run by test_second_process."""

from contextlib import suppress
from typing import cast

import orjson

from service.server.second_process import SecondProcessError, start_second_process
from service.web.runtime import Runtime

SPEC = {"data": {"values": [{"day": 1}]}, "mark": "point", "encoding": {"x": {"field": "day"}}}

if __name__ == "__main__":
    requests = start_second_process(cast("Runtime", None), 1, lambda: None, lambda: None)
    said = []
    for content in (orjson.dumps(SPEC), b"no picture", orjson.dumps(SPEC)):
        with suppress(SecondProcessError):
            said.append("drawn" if requests.drawn(content).startswith("<svg") else "wrong")
            continue
        said.append("refused")
    said.extend(["ended"] if requests.has_ended() else [])
    print(", ".join(said))  # noqa: T201
