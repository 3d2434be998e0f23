"""What each report adds to the metrics."""

from prometheus_client.parser import text_string_to_metric_families

from service.step_times import TimedPhase
from service.watch.answer_counts import Counts
from service.watch.metrics import Metrics


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """The value of one line of the text; None if there is no such line."""
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return None


def test_nothing_is_counted_at_first() -> None:
    metrics = Metrics()
    assert value(metrics, "cds_decisions_lost_total") == 0
    assert value(metrics, "cds_requests_total", route="/health", status="200") is None


def test_answer_is_counted_by_route_and_status() -> None:
    metrics = Metrics()
    metrics.answered("/health", 200, 0.02)
    metrics.answered("/health", 200, 0.04)
    metrics.answered("/health", 503, 0.01)
    assert value(metrics, "cds_requests_total", route="/health", status="200") == 2
    assert value(metrics, "cds_requests_total", route="/health", status="503") == 1
    assert value(metrics, "cds_request_seconds_bucket", route="/health", le="0.025") == 2
    assert value(metrics, "cds_request_seconds_count", route="/health") == 3


def test_steps_are_counted_in_seconds() -> None:
    metrics = Metrics()
    metrics.phases([TimedPhase("judge", 1_000_000_000, 3_000_000_000)])
    assert value(metrics, "cds_phase_seconds_sum", phase="judge") == 2


def test_orders_are_counted_by_outcome_unknowns_by_reason_and_prefetch_by_state() -> None:
    metrics = Metrics()
    counts = Counts(
        (("payer/policy", "ad", "initial", "unknown"),),
        (("payer/policy", "ad.initial.grade", "stale"),) * 2,
        (("claims", "empty"),),
    )
    metrics.judged(counts)
    order = {"policy": "payer/policy", "indication": "ad", "path": "initial"}
    assert value(metrics, "cds_assessments_total", **order, outcome="unknown") == 1
    why = {"policy": "payer/policy", "criterion": "ad.initial.grade", "reason": "stale"}
    assert value(metrics, "cds_unknown_criteria_total", **why) == 2
    assert value(metrics, "cds_prefetch_total", key="claims", state="empty") == 1


def test_feedback_is_counted_by_outcome() -> None:
    metrics = Metrics()
    metrics.feedback(["accepted", "overridden", "accepted"])
    assert value(metrics, "cds_feedback_total", outcome="accepted") == 2


def test_call_that_was_not_made_has_no_time() -> None:
    metrics = Metrics()
    metrics.called("fhir", "answered", 0.2)
    metrics.called("fhir", "resting", None)
    assert value(metrics, "cds_outbound_calls_total", target="fhir", result="resting") == 1
    assert value(metrics, "cds_outbound_seconds_count", target="fhir") == 1


def test_store_says_what_it_cannot_store_and_what_is_lost() -> None:
    metrics = Metrics()
    metrics.failing("feedback", "the disk is full")
    assert value(metrics, "cds_store_failing", kind="feedback") == 1
    metrics.failing("feedback", None)
    assert value(metrics, "cds_store_failing", kind="feedback") == 0
    metrics.lost(3)
    assert value(metrics, "cds_decisions_lost_total") == 3


def test_documents_are_named_by_their_hash() -> None:
    metrics = Metrics()
    metrics.serves("sha256:1")
    assert b'cds_content_info{content="sha256:1",version="' in metrics.text()


def test_two_applications_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.lost(1)
    assert value(other, "cds_decisions_lost_total") == 0


def test_text_of_all_processes_takes_the_place_of_our_own() -> None:
    assert Metrics(lambda: b"of all").text() == b"of all"
