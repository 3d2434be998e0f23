"""The wheel has all that the service needs, and works without the checkout; `make shipped` installs it."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support.paths import ROOT

CALL = """
import json
from datetime import date
from pathlib import Path
import service
from dupilumab_cds import evaluate
home = Path(service.__file__).parent
request = (home / "_content/fixtures/p001-initial.json").read_bytes()
outcome = evaluate(request, as_of=date(2026, 11, 21)).assessments[0]["outcome"]
print(json.dumps([str(home), outcome]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the build backend that is installed with the tests."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own project
    (made,) = folder.glob("*.whl")
    return made


def test_wheel_has_every_file_that_is_read(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    content = ("mappings", "cards", "docs", "fixtures", "examples/sandbox")
    files = [path for name in content for path in (ROOT / name).rglob("*") if path.is_file()]
    wanted = {f"service/_content/{path.relative_to(ROOT).as_posix()}" for path in files}
    code = [*(ROOT / "service").rglob("*"), *(ROOT / "dupilumab_cds").rglob("*")]
    wanted |= {
        path.relative_to(ROOT).as_posix()
        for path in code
        if path.is_file() and path.suffix != ".pyc" and "_content" not in path.parts
    }
    assert wanted <= names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "tools/"))]


@pytest.mark.slow
def test_wheel_alone_judges_an_order(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    called = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", CALL],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    home, outcome = json.loads(called.stdout)
    assert home == str(tmp_path / "site/service")
    assert outcome == "unknown"
