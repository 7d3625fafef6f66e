"""Alert rules, runbooks and the dashboard speak of metrics that there are, and alerts fire when they should."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from service.core.conditions import Conditions
from service.core.metrics import Metrics
from service.core.settings import Settings
from service.serving import Runtime
from service.serving.measured import Measured
from service.store.sql import SqlStore

DEPLOY = Path(__file__).parents[2] / "deploy"
ALERTS = DEPLOY / "prometheus/alerts.yml"
RULES: list[dict[str, Any]] = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((DEPLOY / "grafana/yiqi.json").read_text())
RUNBOOKS = (DEPLOY / "runbooks.md").read_text()
# Of PromQL itself, and what Prometheus adds to everything that it reads.
WORDS = {"sum", "rate", "increase", "histogram_quantile", "by", "le", "job", "instance", "up"}
PARTS = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",)}


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The labels of every series that a server tells."""
    folder = tmp_path_factory.mktemp("watched")
    settings, metrics = Settings(data=folder), Metrics()
    with (
        closing(SqlStore(settings.database)) as store,
        closing(Runtime(store, folder, settings, following=True)) as runtime,
    ):
        metrics.call("GetMember", "OK", 0.1, "")
        metrics.add(Measured(store, runtime, Conditions(lambda what, community, well: None)))
        return dict(named for metric in metrics.registry.collect() for named in series(metric))


def series(metric: Metric) -> Iterator[tuple[str, set[str]]]:
    told = {label for sample in metric.samples for label in sample.labels}
    if isinstance(metric, GaugeMetricFamily):
        told |= set(metric._labelnames)  # also where there is no sample now
    for end in PARTS.get(metric.type, ("",)):
        yield metric.name + end, told


def expressions() -> list[str]:
    asked = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return [*(rule["expr"] for rule in RULES), *asked]


def test_rules_and_dashboard_ask_only_for_metrics_and_labels_that_there_are(labels: dict[str, set[str]]) -> None:
    everything = set().union(*labels.values())
    for expression in expressions():
        bare = re.sub(r'"[^"]*"|\[\w+\]', "", expression)
        words = set(re.findall(r"[a-z_]+", bare)) - WORDS
        assert words <= labels.keys() | everything, expression
        for name, selected in re.findall(r"(\w+){([^}]*)}", bare):
            assert set(re.findall(r"[a-z_]+", selected)) <= labels.get(name, set()) | WORDS, expression


def test_every_metric_of_ours_is_on_the_dashboard(labels: dict[str, set[str]]) -> None:
    asked = set(re.findall(r"\w+", " ".join(target["expr"] for p in DASHBOARD["panels"] for target in p["targets"])))
    ours = {re.sub("_(bucket|count|sum|total)$", "", name) for name in labels if name.startswith("yiqi_")}
    shown = {re.sub("_(bucket|count|sum|total)$", "", name) for name in asked}
    assert ours - shown == set()


def test_every_alert_has_its_runbook_and_every_runbook_its_alert() -> None:
    names = [rule["alert"] for rule in RULES]
    assert re.findall(r"^## (.+)$", RUNBOOKS, re.MULTILINE) == names
    assert [rule["annotations"]["runbook"] for rule in RULES] == [f"deploy/runbooks.md#{one.lower()}" for one in names]
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] in ("page", "ticket") for rule in RULES)


def test_every_alert_is_tried_both_ways() -> None:
    tried = yaml.safe_load((DEPLOY / "prometheus/alerts.test.yml").read_text())["tests"]
    cases = [(one["alertname"], bool(one["exp_alerts"])) for test in tried for one in test["alert_rule_test"]]
    assert set(cases) == {(rule["alert"], fires) for rule in RULES for fires in (True, False)}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool comes with Debian's package prometheus")
@pytest.mark.parametrize("command", [("check", "config", "prometheus.yml"), ("test", "rules", "alerts.test.yml")])
def test_prometheus_accepts_the_rules_and_their_tests(command: tuple[str, ...]) -> None:
    done = subprocess.run(["promtool", *command], cwd=ALERTS.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
