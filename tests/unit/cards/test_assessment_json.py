"""The assessment as data: the tree of criteria, the state of the data, what else is said."""

from datetime import date
from typing import Any

from support.card_context import CONTEXT
from support.cases.run import library

from service.cards.assessment_json import TwinContext, criteria, refer_to, twin
from service.clinical.suggestions import Offer, Option, RuledOut, Suggestions
from service.policy.assessment import Assessment, Outcome
from service.policy.finding import Evidence, Finding, met, remark, unknown
from service.policy.judge import judge
from service.policy.judged_criterion import Judged
from service.policy.model import Criterion, Op
from service.policy.operators import Exposed, Operator
from service.policy.truth import Reason, Truth

WORDING = library().wording
PROOF = Evidence("Observation/1", "2026-11-01", "12 % BSA", "chart")


def leaf(id_: str) -> Criterion:
    return Criterion(id_, f"says {id_}", "1", Op.LEAF, operator=Exposed(of=(id_,)))


def judged(criterion: Criterion, **findings: Finding) -> Judged:
    def ask(operator: Operator) -> Finding:
        assert isinstance(operator, Exposed)
        return findings[operator.of[0]]

    return judge(criterion, ask)


def test_leaf_shows_its_evidence_and_an_unknown_one_its_reason() -> None:
    whole = Criterion("g", "both", "1", Op.ALL, (leaf("a"), leaf("b")))
    miss = remark("as_documented", says="too old")
    tree = judged(whole, a=met(PROOF), b=unknown(Reason.STALE, miss=miss))
    (node,) = criteria(WORDING, tree)
    first, second = node["children"]
    assert (node["truth"], node["op"]) == ("unknown", "all")
    assert first["evidence"] == [PROOF._asdict()]
    assert (second["truth"], second["reason"]) == ("unknown", "stale")
    assert second["miss"] == WORDING.text(miss)
    assert "op" not in first


def test_branches_of_an_unknown_path_stand_below_the_test_that_decides() -> None:
    whole = Criterion("path", "path", "1", Op.CHOOSE, (leaf("t"), leaf("a"), leaf("b")))
    (node,) = criteria(WORDING, judged(whole, t=unknown(Reason.STALE), a=met(), b=met()))
    assert (node["test"], [child["id"] for child in node["children"]]) == ("t", ["a", "b"])


def test_nothing_judged_has_no_criteria() -> None:
    assert criteria(WORDING, None) == []


def made(**more: Any) -> dict[str, Any]:
    context = TwinContext("1", date(2026, 11, 21), "hash", {"claims": "supplied"}, **more)
    assessment = Assessment(Outcome.NO_POLICY, reason="no payer")
    return twin(WORDING, assessment, context, CONTEXT, Suggestions())


def test_order_that_no_policy_judges_says_why() -> None:
    document = made()
    assert (document["outcome"], document["reason"]) == ("no_policy", "no payer")
    assert (document["policy"], document["criteria"], document["alternatives"]) == (None, [], [])
    assert document["asOf"] == "2026-11-21"


def test_state_of_a_key_counts_what_was_not_read_and_not_used() -> None:
    plain = {"key": "claims", "state": "supplied"}
    assert made()["data"] == [plain]
    counted = made(unread={"claims": 2}, set_aside={"claims": {"voided": 3}})["data"]
    assert counted == [{**plain, "unread": 2, "setAside": [{"why": "voided", "count": 3}]}]


def test_a_therapy_has_its_guideline_as_far_as_it_was_seen() -> None:
    therapy = library().clinical.therapies["upadacitinib"]
    situation = library().clinical.pathways["dupilumab", "ad"].situations[0]
    option = Option(therapy, therapy.uses["ad"], Truth.MET, "why")
    left_out = RuledOut(therapy, "a risk", ("a source",))
    beside = Suggestions(Offer(situation, (option,), (left_out,), (), ()))
    context = TwinContext("1", date(2026, 11, 21), "hash", {})
    document = twin(WORDING, Assessment(Outcome.NO_POLICY), context, CONTEXT, beside)
    (shown,) = document["alternatives"]
    assert shown["guideline"] == {"body": "AAD 2024", "ages": "adults", "strength": "strong"}
    assert shown["boxedWarning"]
    assert document["situationDetail"]["says"] == situation.says
    assert document["ruledOut"] == [{"therapy": therapy.id, "why": "a risk", "cite": "a source"}]


def test_evidence_and_notes_beyond_the_first_eight_are_left_out_and_the_evidence_counted() -> None:
    proofs = [PROOF._replace(reference=f"Observation/{number}") for number in range(11)]
    notes = tuple(remark("as_documented", says=f"{number}") for number in range(11))
    (node,) = criteria(WORDING, judged(leaf("a"), a=met(*proofs, notes=notes)))
    assert [proof["reference"] for proof in node["evidence"]] == [
        f"Observation/{number}" for number in range(8)
    ]
    assert node["evidenceLeftOut"] == 3
    assert len(node["notes"]) == 8
    (few,) = criteria(WORDING, judged(leaf("a"), a=met(*proofs[:8])))
    assert "evidenceLeftOut" not in few


def test_a_later_twin_keeps_what_differs() -> None:
    whole = Criterion("g", "both", "1", Op.ALL, (leaf("a"), leaf("b"), leaf("c")))
    other = PROOF._replace(reference="Observation/2")

    def twin_with(id_: str, proof: Evidence) -> dict[str, Any]:
        tree = judged(whole, a=met(PROOF), b=met(proof), c=met())
        return {"id": id_, "criteria": criteria(WORDING, tree)}

    first, later = twin_with("1", PROOF), twin_with("2", other)
    refer_to(first, later)
    same, differs, bare = later["criteria"][0]["children"]
    assert same["sameAs"] == "1"
    assert "evidence" not in same
    assert differs["evidence"] == [other._asdict()]
    assert "sameAs" not in differs
    assert "sameAs" not in bare
