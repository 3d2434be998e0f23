"""Who orders: specialties however they are coded, and for each disease its own."""

import gc
from typing import Any

import pytest
from support.asking import NUCC, SNOMED, answered, bundle, changed, order, sent, truths, twin

Json = dict[str, Any]
ECZEMA_AND_ASTHMA = "eczema-met-asthma-pulmonologist-no-reason.json"
SPECIALIST = "common.initial.specialist"


def ordered_by(*roles: Json, name: str = "guard-drug-policy.json", **practitioner: Any) -> Json:
    """A request with these roles of the prescriber."""

    def change(body: Json) -> None:
        body["prefetch"]["practitionerRoles"] = bundle(
            [
                {
                    "resourceType": "PractitionerRole",
                    "id": f"r{index}",
                    "practitioner": {"reference": "Practitioner/dr-lund"},
                    **one,
                }
                for index, one in enumerate(roles)
            ]
        )
        body["prefetch"]["practitioner"].update(practitioner)

    return changed(change, name)


def coded(code: str, system: str = SNOMED, **more: Any) -> list[Json]:
    return [{"coding": [{"system": system, "code": code, **more}]}]


COUNTS: dict[str, Json] = {
    "SNOMED CT practice code": {"specialty": coded("394582007")},
    "dermatologic surgery": {"specialty": coded("418018006")},
    "immunology of the practice codes": {"specialty": coded("408480009")},
    "the OID of SNOMED CT": {"specialty": coded("394805004", "urn:oid:2.16.840.1.113883.6.96")},
    "the OID of NUCC": {"specialty": coded("207N00000X", "urn:oid:2.16.840.1.113883.6.101")},
    "a name beside a code that is not known": {
        "specialty": coded("999000111", display="Dermatology")
    },
    "a name beside a local code": {
        "specialty": coded("DERM", "https://example.org/s", display="Allergy & Immunology")
    },
    "the code of the role": {"code": coded("18803008"), "specialty": coded("394802001")},
}


@pytest.mark.parametrize("role", COUNTS.values(), ids=COUNTS.keys())
def test_a_specialist_counts_in_every_coding(role: Json) -> None:
    assert truths(twin(ordered_by(role)))[SPECIALIST] == "met"


def test_one_of_several_roles_is_enough_and_a_qualification_too() -> None:
    both = ordered_by({"specialty": coded("394802001")}, {"specialty": coded("394582007")})
    assert truths(twin(both))[SPECIALIST] == "met"
    qualified = ordered_by(qualification=[{"code": coded("18803008")[0]}])
    assert truths(twin(qualified))[SPECIALIST] == "met"


OPEN: dict[str, Json] = {
    "another one of the practice codes": {"specialty": coded("394594003")},
    "family medicine": {"specialty": coded("207Q00000X", NUCC)},
    "a local code without a word": {"specialty": coded("77", "https://example.org/s")},
    "a role that is over": {"specialty": coded("394582007"), "period": {"end": "2025-01"}},
    "a role that is not active": {"specialty": coded("394582007"), "active": False},
}


@pytest.mark.parametrize("role", OPEN.values(), ids=OPEN.keys())
def test_specialty_that_is_not_asked_for_is_a_question(role: Json) -> None:
    assert truths(twin(ordered_by(role)))[SPECIALIST] == "unknown"


def test_a_code_that_is_not_known_is_not_called_another_specialty() -> None:
    def miss(role: Json) -> str:
        (root,) = twin(ordered_by(role))["criteria"]
        found = next(one for one in root["children"] if one["id"] == SPECIALIST)
        return str(found["miss"])

    assert "not known here" in miss(OPEN["a local code without a word"])
    assert "another specialty" in miss(OPEN["another one of the practice codes"])


def both(specialty: str, *, answers_for: str | None = None, ids: tuple[str, ...] = ()) -> Json:
    """Eczema that meets all and mild asthma, no reason on the order."""
    body = ordered_by({"specialty": coded(specialty)}, name=ECZEMA_AND_ASTHMA)
    if answers_for:
        (old,) = body["prefetch"]["answers"]["entry"]
        form = old["resource"]["questionnaire"].replace("-ad-", f"-{answers_for}-")
        items = [{"linkId": one, "answer": [{"valueBoolean": True}]} for one in ids]
        more = {**old["resource"], "id": "qr2", "questionnaire": form, "item": items}
        body["prefetch"]["answers"] = bundle([old["resource"], more])
    return body


def test_the_specialist_of_the_disease_that_meets_all_is_enough() -> None:
    for specialty in ("394582007", "408439002"):
        found = twin(both(specialty))
        assert (found["outcome"], found["indications"]["ad"]) == ("met", "met")


def test_the_card_says_which_disease_is_met() -> None:
    (card, *_) = answered(both("394582007")).cards
    assert "atopic dermatitis" in card["summary"]
    assert "asthma" not in card["summary"]


def test_the_specialist_of_the_other_disease_leaves_the_question_open() -> None:
    found = twin(both("418112009"))
    assert (found["outcome"], truths(found)[SPECIALIST]) == ("unknown", "unknown")
    assert [SPECIALIST] in found["open"]


def test_a_statement_counts_for_the_disease_that_it_was_made_for() -> None:
    of_asthma = both("394802001", answers_for="asthma", ids=(SPECIALIST,))
    assert twin(of_asthma)["outcome"] == "unknown"
    of_eczema = both("394802001", answers_for="ad", ids=(SPECIALIST,))
    assert twin(of_eczema)["outcome"] == "met"


def test_a_dose_of_the_other_disease_is_not_put_together_with_the_criteria_of_this_one() -> None:
    body = both("408439002")
    problems = [one["resource"] for one in body["prefetch"]["conditions"]["entry"]]
    problems[1]["code"] = {"coding": [{"system": SNOMED, "code": "235599003"}]}
    order(body)["dosageInstruction"] = [
        {
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "wk"}},
            "doseAndRate": [{"doseQuantity": {"value": 300, "unit": "mg"}}],
        }
    ]
    order(body)["dispenseRequest"] = {"quantity": {"value": 4, "unit": "syringe"}}
    body["prefetch"]["observations"]["entry"].append(
        {
            "resource": {
                "resourceType": "Observation",
                "id": "w",
                "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
                "subject": {"reference": "Patient/elm"},
                "effectiveDateTime": "2026-11-10",
                "valueQuantity": {"value": 80, "unit": "kg"},
            }
        }
    )
    found = twin(body)
    assert found["indications"]["ad"] == "met"
    assert found["outcome"] == "unknown"
    assert truths(found)["common.initial.quantity_limit"] == "unknown"


def test_each_criterion_stands_once_though_two_diseases_are_judged() -> None:
    found = twin(both("418112009"))
    waiting, seen = list(found["criteria"]), []
    while waiting:
        one = waiting.pop()
        seen.append(one["id"])
        waiting += one.get("children", [])
    assert len(seen) == len(set(seen))
    assert sent(ECZEMA_AND_ASTHMA) != both("418112009")


def test_order_for_two_diseases_leaves_no_reference_cycle() -> None:
    """What only the garbage collector can free stays in memory, patient data with it."""
    answered(both("418112009"))
    body = both("418112009")
    gc.collect()
    gc.disable()
    try:
        answered(body)
        assert gc.collect() == 0
    finally:
        gc.enable()
