"""The long fuzz run: `python tests/support/hostile/fuzz.py MINUTES [SEED]` (`make fuzz`).

Ends with 1 if a damaged request is answered badly, an untouched one otherwise than before, or memory grows.
"""

import gc
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import orjson
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from support.hostile.damage import BYTES, EDITS, NAMES, Edit, damaged, raw, torn
from support.hostile.served import (
    LOG_LINE,
    SELECT,
    SIGN,
    assert_sound,
    logged,
    post,
    serve,
    without_ids,
)

EACH_ROUND = 300
WARM_ROUNDS = 4
MOST_GROWTH = 32  # MiB: the allocator keeps some of what it once had
KEPT = Path("var/fuzz")
Given = tuple[str, str, list[Edit], Any]


def main(minutes: float, first: int) -> int:
    """Rounds of fresh seeds until the time is over."""
    with TemporaryDirectory() as folder:
        http = serve(Path(folder)).test_client()
        before, until, memory, number = _untouched(http), monotonic() + minutes * 60, 0.0, first
        while monotonic() < until:
            if not _round(http, number):
                return 1
            number += 1
            if number - first == WARM_ROUNDS:
                memory = _resident()
        after = _untouched(http)
        grown = _resident() - memory if memory else 0.0
    print(
        f"{(number - first) * EACH_ROUND} requests, seeds {first} to {number - 1}, {grown:+.1f} MiB"
    )
    changed = [name for name in NAMES if before[name] != after[name]]
    print(f"answered otherwise than before: {', '.join(changed) or 'none'}")
    return int(bool(changed) or grown > MOST_GROWTH)


def _round(http: FlaskClient, number: int) -> bool:
    last: list[bytes] = [b""]

    @seed(number)
    @settings(
        max_examples=EACH_ROUND,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), EDITS, BYTES))
    def ask(one: Given) -> None:
        name, other, edits, tear = one
        last[0] = torn(orjson.dumps(damaged(name, other, edits)), tear)
        with logged() as lines:
            path = SELECT if b'"order-select"' in last[0][:2000] else SIGN
            answer = post(http, last[0], path)
            assert_sound(answer)
            answer.close()
        for line in lines:
            assert LOG_LINE.fullmatch(line.getMessage()), line.getMessage()

    try:
        ask()
    except Exception as error:  # noqa: BLE001 - whatever it is, the request that caused it is kept
        KEPT.mkdir(parents=True, exist_ok=True)
        path = KEPT / f"{sha256(last[0]).hexdigest()[:12]}.json"
        path.write_bytes(last[0])
        print(
            f"seed {number}: {error!r:.2000}\nkept as {path}; move it to tests/http_api/hostile/failed/"
        )
        return False
    return True


def _untouched(http: FlaskClient) -> dict[str, str]:
    doors = {name: SELECT if name.startswith("select") else SIGN for name in NAMES}
    return {name: without_ids(post(http, raw(name), door).json) for name, door in doors.items()}


def _resident() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
