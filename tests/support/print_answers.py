"""Prints what is answered to recorded requests, without ids: one line for each way to ask of each."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from support.crd.answered import answered, asking
from support.hostile.served import SELECT, SIGN, post, serve, without_ids
from support.order_stories import story_of
from support.sent import recorded


def main(names: list[str]) -> None:
    with TemporaryDirectory() as folder:
        app = serve(Path(folder))
        for name in names:
            body = recorded(name)
            path = SELECT if body["hook"] == "order-select" else SIGN
            cards = post(app.test_client(), orjson.dumps(body), path).json
            for told in (cards, answered(asking(body, "2.0")), repr(story_of(name))):
                sys.stdout.write(f"{without_ids(told)}\n")
        app.extensions["runtime"].store.close()


if __name__ == "__main__":
    main(sys.argv[1:])
