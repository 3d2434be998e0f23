"""Reasons of an order and problems by codes that are not known here."""

from typing import Any

import pytest
from support.asking import ICD, SNOMED, answered, bundle, changed, order, twin

Json = dict[str, Any]


def concept(code: str, display: str | None = None, system: str = SNOMED) -> Json:
    return {
        "coding": [{"system": system, "code": code, **({"display": display} if display else {})}]
    }


def problem(of: Json, id_: str = "p1") -> Json:
    return {
        "resourceType": "Condition",
        "id": id_,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": of,
        "subject": {"reference": "Patient/elm"},
    }


def ordered_for(*reasons: Json, problems: list[Json] | None = None) -> Json:
    """A request with these reasons, and these problems in place of its own."""

    def change(body: Json) -> None:
        order(body).pop("reasonReference", None)
        order(body)["reasonCode"] = list(reasons)
        if problems is not None:
            body["prefetch"]["conditions"] = bundle(
                [problem(one, f"p{index}") for index, one in enumerate(problems)]
            )

    return changed(change)


UNLISTED = {
    "asthma": concept("999991011", "Steroid dependent asthma (disorder)"),
    "chronic obstructive pulmonary disease": concept(
        "999992012", "Very severe chronic obstructive lung disease"
    ),
    "atopic dermatitis": concept("999993013", "Erythrodermic atopic eczema"),
    "prurigo nodularis": concept("999994014", "Nodular prurigo of adults"),
    "chronic rhinosinusitis with nasal polyps": concept("999995015", "Recurrent polyp of nose"),
    "eosinophilic esophagitis": concept("999996016", "Eosinophilic oesophagitis with stricture"),
}


@pytest.mark.parametrize("title", UNLISTED)
def test_a_name_beside_a_code_that_is_not_known_points_at_the_disease(title: str) -> None:
    body = ordered_for(UNLISTED[title], problems=[])
    found = twin(body)
    assert (found["outcome"], found["reason"]) == ("unknown", "unmapped")
    card, *_ = answered(body).cards
    assert title in card["summary"]
    assert "does not address" not in card["summary"] + card["detail"]


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("Nocturnal asthma (disorder)", ["asthma"]),
        ("Non-allergic asthma with status asthmaticus", ["asthma"]),
        ("Atopic dermatitis with irritant contact dermatitis of hand", ["atopic dermatitis"]),
        (
            "Acute exacerbation of chronic rhinosinusitis with nasal polyps",
            ["chronic rhinosinusitis with nasal polyps"],
        ),
        ("Eosinophilic esophagitis with reflux", ["eosinophilic esophagitis"]),
        ("Disorder of lung (disorder)", ["asthma", "chronic obstructive pulmonary disease"]),
        ("Disorder of skin (disorder)", ["atopic dermatitis", "prurigo nodularis"]),
        ("Asthma-chronic obstructive pulmonary disease overlap", ["asthma", "chronic obstr"]),
    ],
)
def test_what_a_name_points_at(name: str, titles: list[str]) -> None:
    card, *_ = answered(ordered_for(concept("999997017", name), problems=[])).cards
    assert all(title in card["summary"] for title in titles)


@pytest.mark.parametrize(
    "name",
    [
        "Cardiac asthma",
        "Family history of asthma (situation)",
        "Chronic obstructive uropathy",
        "Interstitial lung disease",
        "Surgical emphysema",
        "Seborrheic dermatitis",
        "Atopic rhinitis",
        "Viral sinusitis (disorder)",
        "Polyp of colon",
        "Reflux esophagitis",
        "Prurigo gestationis",
        "Chronic urticaria (disorder)",
    ],
)
def test_names_of_other_diseases_point_at_nothing(name: str) -> None:
    assert twin(ordered_for(concept("999997017", name)))["outcome"] == "not_addressed"


OTHER_CODINGS = {
    "ICD-9-CM": concept("691.8", "Other atopic dermatitis", "http://hl7.org/fhir/sid/icd-9-cm"),
    "ICD-10 of WHO": concept("L20.9", "Atopic dermatitis", "http://hl7.org/fhir/sid/icd-10"),
    "a local code": concept("D1", "Bad eczema", "https://example.org/dx"),
    "SNOMED CT without a name": concept("999997017"),
    "lower case": concept("l20.9", None, ICD),
    "words of another code system": concept("x", "Sk. dis. NOS", "https://example.org/dx"),
}


@pytest.mark.parametrize("reason", OTHER_CODINGS.values(), ids=OTHER_CODINGS.keys())
def test_unknown_reason_is_asked_for(reason: Json) -> None:
    assert twin(ordered_for(reason, problems=[]))["outcome"] == "unknown"
    assert twin(ordered_for(reason, problems=[]))["policy"] is not None


@pytest.mark.parametrize(
    "reason",
    [
        concept("L50.1", None, ICD),
        concept("L50.1", "Idiopathic urticaria", ICD),
        concept("L30.9", "Dermatitis, unspecified", ICD),
        concept("L409", "Psoriasis", ICD),
        concept("9014002", "Psoriasis"),
        concept("999998018", "Chronic spontaneous urticaria"),
        concept("40275004", "Contact dermatitis"),
        concept("40275004"),
        concept("999999019", "Seborrheic dermatitis of scalp"),
        {"text": "Chronic spontaneous urticaria"},
        {"text": "Bullous pemphigoid"},
    ],
)
def test_reason_of_another_disease_is_not_addressed(reason: Json) -> None:
    assert twin(ordered_for(reason))["outcome"] == "not_addressed"


def test_known_reason_counts_beside_an_unknown_one() -> None:
    ours = concept("L20.9", "Atopic dermatitis, unspecified", ICD)
    for other in (concept("999997017"), UNLISTED["asthma"], concept("L50.1", None, ICD)):
        assert twin(ordered_for(other, ours))["indication"] == "ad"


def test_another_disease_beside_one_that_is_not_known_is_not_sure() -> None:
    urticaria = concept("L50.1", None, ICD)
    assert twin(ordered_for(urticaria, concept("999997017"), problems=[]))["outcome"] == "unknown"


def test_the_problem_list_settles_what_a_name_points_at() -> None:
    eczema = concept("24079001", "Atopic dermatitis")
    assert twin(ordered_for(UNLISTED["atopic dermatitis"], problems=[eczema]))["indication"] == "ad"
    # eczema on the list does not make an order for asthma one for eczema
    assert twin(ordered_for(UNLISTED["asthma"], problems=[eczema]))["indication"] is None
    assert twin(ordered_for(concept("999997017"), problems=[eczema]))["indication"] is None


def test_no_reason_is_offered_that_the_order_does_not_point_at() -> None:
    def offered(reason: Json) -> str:
        eczema = concept("24079001", "Atopic dermatitis")
        (card, *_) = answered(ordered_for(reason, problems=[eczema])).cards
        return " ".join(one["label"] for one in card.get("suggestions", []))

    assert "reason" not in offered(concept("999997017"))
    assert "reason" not in offered(UNLISTED["asthma"])
    assert "atopic dermatitis" in offered(UNLISTED["atopic dermatitis"])


def test_a_reason_in_words_that_nobody_can_read_is_asked_about() -> None:
    assert twin(ordered_for({"text": "failed topicals"}))["outcome"] == "unknown"


def test_a_problem_that_is_not_known_is_asked_about() -> None:
    near = twin(ordered_for(problems=[UNLISTED["asthma"]]))
    assert (near["outcome"], near["reason"]) == ("unknown", "unmapped")
    bare = twin(ordered_for(problems=[concept("999997017")]))
    assert (bare["outcome"], bare["reason"]) == ("unknown", "unmapped")
    other = twin(ordered_for(problems=[concept("38341003", "Hypertensive disorder")]))
    assert (other["outcome"], other["reason"]) == ("unknown", None)


def test_other_problems_do_not_hide_a_known_diagnosis() -> None:
    listed = [
        concept("999997017"),
        concept("24079001", "Atopic dermatitis"),
        concept("38341003", "Hypertensive disorder"),
    ]
    assert twin(ordered_for(problems=listed))["indication"] == "ad"


def test_a_reason_by_a_reference_to_what_did_not_come() -> None:
    def pointing(**more: Any) -> Json:
        body = ordered_for()
        order(body).pop("reasonCode")
        order(body)["reasonReference"] = [{"reference": "Condition/gone", **more}]
        return twin(body)

    assert pointing()["outcome"] == "unknown"
    assert pointing()["reason"] == "unmapped"
    assert pointing(display="Atopic dermatitis")["indication"] == "ad"
    assert pointing(display="Chronic spontaneous urticaria")["outcome"] == "not_addressed"


@pytest.mark.parametrize(
    "reason", [None, "x", 7, [], {"coding": "x"}, {"coding": [{"code": 7}]}, {"text": ["x"]}]
)
def test_malformed_reason_is_no_error(reason: Any) -> None:
    assert twin(ordered_for(reason))["outcome"]


def test_a_bare_patient_asked_before_changes_nothing() -> None:
    first = twin(ordered_for())
    assert twin(ordered_for(concept("999997017")))["outcome"] == "unknown"
    assert twin(ordered_for())["outcome"] == first["outcome"]
