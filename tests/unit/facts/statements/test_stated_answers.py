"""Which of several statements counts, and why one does not."""

import pytest
from support.fact_case import said, worded, written
from support.stated import NO, YES, Json, found, read, response

from service.facts.statements.statement import UNSTATED


def test_yes_is_met_and_no_is_not_met() -> None:
    assert read(response(YES)) == "met"
    assert read(response(NO)) == "not_met"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"author": {"reference": "Patient/p1"}}, "it is the patient's own"),
        (
            {"author": {"display": "A friend"}},
            "it does not say who made it, or that cannot be found",
        ),
        ({"source": {"reference": "Patient/p1"}}, "it is the patient's own"),
        ({"status": "in-progress"}, "it is not finished"),
        ({"authored": "2026"}, "it has no day"),
        ({"authored": written(-1)}, "it is dated later than today"),
        ({"authored": written(91)}, f"it counted until {written(1)}"),
        (
            {"questionnaire": "https://example.org/form|0"},
            "it was made for another version of the policy",
        ),
    ],
)
def test_statement_that_does_not_count_says_why(change: Json, why: str) -> None:
    answer = worded(found(response(YES, **change)) or UNSTATED)
    assert answer[:3] == ("unknown", "attestation", "attestation")
    assert answer.miss == f"a statement was not counted, {why}"
    assert answer.evidence[0].value.startswith("stated: yes, by ")
    assert answer.evidence[0].value.endswith(f"; not counted, {why}")


def test_statement_that_counts_takes_the_place_of_those_that_do_not() -> None:
    refused = response(NO, 0, "r2", author={"reference": "Patient/p1"})
    assert read(response(YES, 5), refused) == "met"
    assert len((found(response(YES, 5), refused) or UNSTATED).evidence) == 1


def test_evidence_names_author_day_and_until_when_it_counts() -> None:
    answer = worded(
        found(response(YES, 3, author={"reference": "Practitioner/d1", "display": "Ada"}))
        or UNSTATED
    )
    (shown,) = answer.evidence
    assert (shown.date, shown.kind) == (written(3), "attestation")
    assert shown.value == f"stated: yes, by Ada, counts until {written(-87)}"


AT = "{}T{:02}:00:00+01:00"


def test_author_corrects_a_statement_of_the_same_day() -> None:
    day = written(0)
    morning, noon = (
        response(answer, id_=id_, authored=AT.format(day, hour))
        for answer, id_, hour in ((YES, "a", 8), (NO, "b", 12))
    )
    assert read(morning, noon) == read(noon, morning) == "not_met"
    colleague = {**noon, "author": {"reference": "Practitioner/d2"}}
    assert read(morning, colleague) == "unknown conflict"


@pytest.mark.parametrize(("days", "expected"), [(90, "met"), (91, None), (-1, None)])
def test_answer_counts_for_the_days_that_the_policy_allows(days: int, expected: str | None) -> None:
    assert read(response(YES, days)) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"status": "in-progress"},
        {"questionnaire": "https://example.org/other|1"},
        {"questionnaire": None},
        {"author": {"reference": "Patient/p1"}},
        {"author": None},
        {"authored": "2026"},
        {"authored": None},
    ],
)
def test_response_that_is_not_a_finished_one_of_the_prescriber_does_not_count(change: Json) -> None:
    assert read(response(YES, **change)) is None


def test_amended_response_counts() -> None:
    assert read(response(YES, status="amended")) == "met"


def test_response_of_an_unreadable_status_is_a_question() -> None:
    assert read(response(YES, status="odd")) == "unknown attestation"


def test_newest_answer_counts() -> None:
    assert read(response(YES, 10), response(NO, 5, "r2")) == "not_met"


def test_two_answers_of_one_day_that_disagree_are_a_conflict() -> None:
    assert read(response(YES), response(NO, 0, "r2")) == "unknown conflict"
    assert read(response(YES), response(YES, 0, "r2")) == "met"


ADA, BEN = {"reference": "Practitioner/d1"}, {"reference": "Practitioner/d2"}


def at(hour: int, answer: Json, author: Json) -> Json:
    """An answer of today at an hour."""
    return response(answer, id_=f"r{hour}", author=author, authored=AT.format(written(0), hour))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([at(8, NO, ADA), at(9, YES, BEN), at(10, YES, BEN)], "unknown conflict"),
        ([at(8, YES, ADA), at(9, NO, BEN), at(10, NO, ADA)], "not_met"),
        ([at(8, YES, ADA), at(9, NO, BEN), at(10, YES, BEN)], "met"),
        ([at(8, NO, ADA), at(9, NO, BEN), at(10, YES, BEN)], "unknown conflict"),
    ],
)
def test_answer_replaces_only_those_of_its_own_author(given: list[Json], expected: str) -> None:
    assert read(*given) == read(*reversed(given)) == expected


NPI = {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}


def inside(**resource: object) -> Json:
    """A response that holds its author, always under the same name."""
    return {"contained": [{"resourceType": "Practitioner", "id": "who", **resource}]}


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        # the same name inside two responses is not the same person
        (inside(name=[{"family": "A"}]), inside(name=[{"family": "B"}]), "unknown conflict"),
        (inside(identifier=[NPI]), inside(identifier=[NPI | {"value": "2"}]), "unknown conflict"),
        (inside(identifier=[NPI]), inside(identifier=[NPI | {"system": ""}]), "unknown conflict"),
        (inside(identifier=[NPI]), inside(identifier=[NPI]), "met"),
        ({"author": ADA | {"identifier": NPI}}, inside(identifier=[NPI]), "met"),
        (inside(identifier=[NPI]), {"author": ADA | {"identifier": NPI}}, "met"),
        (inside(identifier=[NPI]), {"author": {"type": "Practitioner", "identifier": NPI}}, "met"),
        # two references are two people, though both have the identifier of the practice
        (
            {"author": ADA | {"identifier": NPI}},
            {"author": BEN | {"identifier": NPI}},
            "unknown conflict",
        ),
    ],
)
def test_contained_author_is_known_by_the_identifier(
    earlier: Json, later: Json, expected: str
) -> None:
    who = {"reference": "#who"}
    assert read(at(8, NO, who) | earlier, at(9, YES, who) | later) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "met"),
        ({"status": "completed"}, "unknown conflict"),
        ({"id": "another"}, "unknown conflict"),
        ({"author": BEN}, "unknown conflict"),
        ({"authored": written(1)}, "not_met"),
    ],
)
def test_amended_response_takes_the_place_of_what_it_was(change: Json, expected: str) -> None:
    amended = response(YES, **{"status": "amended", **change})
    assert read(response(NO), amended) == read(amended, response(NO)) == expected


def test_opposite_answer_of_another_author_is_shown_beside_the_newest() -> None:
    earlier = response(NO, 5, "r2", author=BEN | {"display": "Ben"})
    answer = worded(found(earlier, response(YES)) or UNSTATED)
    assert said(answer) == "met"
    assert [one.value.split(", counts")[0] for one in answer.evidence] == [
        "stated: yes, by Practitioner/d1",
        "stated: no, by Ben",
    ]
    same = found({**earlier, "author": ADA}, response(YES)) or UNSTATED
    agreeing = found({**earlier, "item": response(YES)["item"]}, response(YES)) or UNSTATED
    assert len(same.evidence) == len(agreeing.evidence) == 1


def test_answer_that_left_the_ehr_does_not_count_and_says_why() -> None:
    gone, older = response(YES), response(NO, 3, "r2")
    answer = worded(found(gone, gone=(gone,)) or UNSTATED)
    assert said(answer) == "unknown attestation"
    assert answer.miss is not None
    assert answer.miss.endswith("it was written to the EHR, and is not there any more")
    assert said(found(older, gone, gone=(gone,)) or UNSTATED) == "not_met"


def answered_by(who: str, **item: object) -> Json:
    """An item of the link `q` whose group somebody else answered."""
    url = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-author"
    extension = [{"url": url, "valueReference": {"reference": who}}]
    return {"linkId": "group", "extension": extension, "item": [{"linkId": "q", **item}]}


def test_item_that_the_patient_or_software_answered_is_no_statement_of_the_author() -> None:
    for who, why in (
        ("Patient/p1", "it is the patient's own"),
        ("http://cqframework.org/fhir/Device/clinical-quality-language", "a device made it"),
    ):
        for answer in (YES, NO):
            finding = worded(
                found(response(None, item=[answered_by(who, answer=[answer])])) or UNSTATED
            )
            assert finding[:3] == ("unknown", "attestation", "attestation")
            assert finding.miss == f"a statement was not counted, {why}"
    by_another = found(response(None, item=[answered_by("Practitioner/d2", answer=[YES])]))
    assert by_another is not None
    assert worded(by_another).evidence[0].value.startswith("stated: yes, by Practitioner/d2")


def test_answer_that_software_filled_in_leaves_those_of_persons() -> None:
    url = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/information-origin"

    def filled(source: str, answer: Json) -> Json:
        parts = [{"url": "source", "valueCode": source}]
        return {**answer, "extension": [{"url": url, "extension": parts}]}

    assert read(response(filled("auto-client", YES))) is None
    assert read(response(filled("manual", YES))) == "met"
    # the newer one was not given by a person
    assert read(response(NO, 3), response(filled("auto", YES), 1, "r2")) == "not_met"
    assert read(response(filled("override", NO), 1), response(YES, 3, "r2")) == "not_met"
