"""`request`: a request of a bundle and an order."""

from pathlib import Path

import orjson
from click.testing import CliRunner
from support.paths import ROOT
from support.recordings import fixture

from service.cli import main

BUNDLE = str(ROOT / "examples/sandbox/patient-bundle.json")


def test_a_request_is_printed_or_written(tmp_path: Path) -> None:
    order = tmp_path / "order.json"
    order.write_bytes(orjson.dumps(fixture("initial-fully-met")["context"]["draftOrders"]))
    arguments = ["request", BUNDLE, "--order", str(order), "--as-of", "2026-11-21"]
    printed = CliRunner().invoke(main, [*arguments, "--payer", "BCBSMS", "--shift-dates"])
    assert orjson.loads(printed.output)["hook"] == "order-sign"


def test_no_json_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("<")
    result = CliRunner().invoke(
        main, ["request", str(tmp_path / "x"), "--order", str(tmp_path / "x")]
    )
    assert (result.exit_code, "is no JSON" in result.output) == (2, True)
