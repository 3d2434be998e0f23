"""What the files of deploy/ promise: no root, a root that cannot be written to, probes, our commands."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from support.paths import ROOT, yaml_of

from service.cli import main
from service.library.clients_file import load_clients
from service.settings import read_settings

DEPLOY = ROOT / "deploy"
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
USER = 10001


def kubernetes() -> list[Any]:
    text = (DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")
    return [*yaml.safe_load_all(text)]


def pods() -> list[Any]:
    found = []
    for one in kubernetes():
        spec = one["spec"].get("jobTemplate", one).get("spec", {})
        if "template" in spec:
            found.append(spec["template"]["spec"])
    return found


def test_container_has_no_root_and_a_health_check() -> None:
    assert f"\nUSER {USER}:{USER}\n" in CONTAINER
    assert "\nHEALTHCHECK " in CONTAINER
    last = CONTAINER.rstrip().splitlines()[-1]
    assert last == 'CMD ["dupilumab-cds", "serve"]'
    assert CONTAINER.index("\nUSER ") < CONTAINER.index("\nCMD ")


def test_settings_of_the_container_are_ones_that_the_service_takes() -> None:
    given = dict(re.findall(r"(CDS_[A-Z_]+)=(\S+)", CONTAINER))
    assert len(given) >= 4
    settings = read_settings(given)
    assert (settings.host, settings.log) == ("0.0.0.0", "json")  # noqa: S104 - in a container


def test_pods_have_no_root_and_a_root_that_is_read_only() -> None:
    assert len(pods()) == 2
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == USER
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_probes_ask_for_what_the_service_answers() -> None:
    (container,) = pods()[0]["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] == "/health"


def test_the_guide_shows_the_file_of_nginx() -> None:
    written = (DEPLOY / "nginx/cds.conf").read_text(encoding="utf-8")
    page = (ROOT / "docs/how-to/deploy.md").read_text(encoding="utf-8")
    assert f"```\n{written}```\n" in page


def test_settings_of_the_pods_and_of_compose_are_ones_that_the_service_has() -> None:
    known = set(re.findall(r"CDS_[A-Z_]+", (ROOT / "docs/how-to/deploy.md").read_text("utf-8")))
    for pod in pods():
        for container in pod["containers"]:
            assert {one["name"] for one in container["env"]} <= known
    assert set(yaml_of(DEPLOY / "compose.yaml")["services"]["cds"]["environment"]) <= known


@pytest.mark.parametrize(
    "command",
    [
        pods()[1]["containers"][0]["command"],
        *(
            found[0].split()
            for path in sorted((DEPLOY / "systemd").glob("*.service"))
            if (found := re.findall(r"ExecStart=\S*/(dupilumab-cds .*)", path.read_text("utf-8")))
        ),
    ],
    ids=" ".join,
)
def test_commands_are_ones_that_the_service_has(command: list[str]) -> None:
    assert command[0] == "dupilumab-cds"
    words = [one for one in command[1:] if not (one.startswith("-") or one.isdigit())]
    told = CliRunner().invoke(main, [*words, "--help"])
    assert told.exit_code == 0
    options = [one for one in command if one.startswith("--")]
    assert all(option in told.output for option in options)


def test_clients_file_of_compose_is_sound() -> None:
    mistakes: list[Any] = []
    read = load_clients(DEPLOY / "clients.yaml", frozenset(), (), mistakes)
    assert mistakes == []
    assert "local" not in read.known


def test_units_are_ones_that_systemd_takes() -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze")
    units = sorted((DEPLOY / "systemd").glob("dupilumab-cds*"))
    assert len(units) == 3
    told = subprocess.run(  # noqa: S603 - systemd's own program
        [program, "verify", *units], capture_output=True, text=True, check=False
    )
    # the service is not installed on the machine of the tests
    lines = [one for one in told.stderr.splitlines() if "is not executable" not in one]
    ours = [one for one in lines if "dupilumab" in one]
    assert ours == []
