"""`packet` writes the files of each order, and says what it cannot do."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from support.order_stories import FIXTURES
from support.packets import body_of, written

from service.cli import main

DAY = ["--as-of", "2026-11-21"]


def run(file: Path, out: Path, *more: str) -> tuple[int, str, list[str]]:
    """The exit code, what is said, and the names of the files."""
    done = CliRunner().invoke(main, ["packet", str(file), "--out", str(out), *DAY, *more])
    return done.exit_code, done.output, sorted(path.name for path in out.glob("*"))


def test_command_writes_three_files_and_lists_what_is_left_open(tmp_path: Path) -> None:
    code, said, names = run(FIXTURES / "initial-fully-met.json", tmp_path / "out", "--pas", "2.2")
    assert (code, names) == (0, ["letter.html", "letter.pdf", "request.json"])
    assert "left open in the request: Claim.item.location[x], Claim.item.productOrService" in said
    bundle = orjson.loads((tmp_path / "out/request.json").read_bytes())
    assert bundle["meta"]["profile"][0].endswith("|2.2.1")


def test_of_several_orders_each_has_files_of_its_own(tmp_path: Path) -> None:
    body = body_of("p001-initial")
    drafts = body["context"]["draftOrders"]["entry"]
    drafts.append({"resource": {**drafts[0]["resource"], "id": "rx2"}})
    code, _, names = run(written(tmp_path, "two.json", body), tmp_path / "out")
    assert code == 0
    assert {"letter.pdf", "letter-2.pdf", "request-2.json"} <= {*names}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("csu-order", "There is no packet for this order"),
        ("select-another-order", "no order in this"),
    ],
)
def test_order_without_a_packet_is_said(tmp_path: Path, name: str, expected: str) -> None:
    code, said, names = run(FIXTURES / f"{name}.json", tmp_path / "out")
    assert (code, names) == (2, [])
    assert expected in said


def test_without_the_library_the_other_files_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.packet.letter_pdf.can_make_pdf", lambda: False)
    code, said, names = run(FIXTURES / "p001-initial.json", tmp_path / "out")
    assert (code, names) == (2, ["letter.html", "request.json"])
    assert "letter.pdf: a PDF needs the package typst" in said


def test_entry_that_is_no_r4_is_named_by_its_type(tmp_path: Path) -> None:
    body = body_of("initial-fully-met")
    for entry in body["prefetch"]["observations"]["entry"]:
        entry["resource"]["referenceRange"] = "none"
    code, said, _ = run(written(tmp_path, "odd.json", body), tmp_path / "out")
    assert code == 0
    assert "no valid R4 in the record, and so in the request: Observation" in said
