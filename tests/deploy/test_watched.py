"""The alert rules and the dashboard ask for metrics and labels that the service has."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.metrics import MetricWrapperBase
from support.paths import ROOT, yaml_of

from service.watch.metrics import Metrics

DEPLOY = ROOT / "deploy"
ALERTS, DASHBOARD = DEPLOY / "prometheus/alerts.yaml", DEPLOY / "grafana/dashboard.json"
SELECTED = re.compile(r"\b(cds_[a-z_]+)(?:\{([^}]*)\})?")
LABEL = re.compile(r"([a-z_]+)\s*(?:=~|!~|!=|=)")
# what Prometheus adds, and what each histogram has
OTHERS = {"instance", "job", "le"}


def labels_by_series() -> dict[str, set[str]]:
    """The labels of each series that the service can have, by name."""
    found: dict[str, set[str]] = {}
    for metric in vars(Metrics()).values():
        if isinstance(metric, MetricWrapperBase):
            kind, name = str(metric._type), metric._name  # noqa: SLF001 - the library has no other way
            ends = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
            for end in ends.get(kind, [""]):
                found[f"{name}{end}"] = set(metric._labelnames)  # noqa: SLF001
    return found


def alerts() -> Iterator[tuple[str, str]]:
    for group in yaml_of(ALERTS)["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


def panels() -> Iterator[tuple[str, str]]:
    board: Any = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


ASKED = [*alerts(), *panels()]


@pytest.mark.parametrize(("name", "expression"), ASKED, ids=[name for name, _ in ASKED])
def test_every_metric_and_label_is_there(name: str, expression: str) -> None:
    known = labels_by_series()
    selected = SELECTED.findall(expression)
    assert selected or name == "CdsDown"
    for series, selectors in selected:
        assert series in known, f"{name}: no metric {series}"
        assert {*LABEL.findall(selectors)} <= known[series] | OTHERS, f"{name}: {series}"
    grouped = re.findall(r"\bby \(([^)]*)\)", expression)
    used = {one.strip() for group in grouped for one in group.split(",")}
    assert used <= OTHERS.union(*(known[series] for series, _ in selected))


def test_every_metric_is_shown_on_the_dashboard() -> None:
    shown = " ".join(expression for _, expression in panels())
    hidden = {name for name in labels_by_series() if name.rsplit("_", 1)[0] not in shown}
    assert hidden == set()


def test_every_alert_is_explained() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert [name for name, _ in alerts() if f"`{name}`" not in page] == []


def test_rules_hold_on_the_series_of_their_tests() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("no promtool (Debian: apt-get install prometheus)")
    tested = subprocess.run(  # noqa: S603 - Prometheus's own program
        [promtool, "test", "rules", ALERTS.with_name("alerts.test.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr
