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
    assert orjson.loads(printed.stdout)["hook"] == "order-sign"
    assert printed.stderr == "left out: the payer that was named: the patient has a coverage\n"
    other = orjson.loads(Path(BUNDLE).read_bytes())
    other["entry"].append({"resource": {"resourceType": "ImagingStudy", "id": "i"}})
    bundle = tmp_path / "bundle.json"
    bundle.write_bytes(orjson.dumps(other))
    printed = CliRunner().invoke(main, ["request", str(bundle), *arguments[2:]])
    assert orjson.loads(printed.stdout)["hook"] == "order-sign"
    assert printed.stderr.startswith("left out: ")
    assert "ImagingStudy (1)" in printed.stderr


def test_no_json_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("<")
    result = CliRunner().invoke(
        main, ["request", str(tmp_path / "x"), "--order", str(tmp_path / "x")]
    )
    assert (result.exit_code, "is no JSON" in result.output) == (2, True)
