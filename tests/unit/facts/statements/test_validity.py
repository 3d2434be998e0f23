"""A statement that is older than what it is to decide does not count for it."""

from dataclasses import replace

from support.fact_case import CLAIMS_HELD, in_words, patient, patient_with, said, written

from service.facts.case import Case
from service.facts.statements.validity import for_its_day
from service.policy.amount import Span
from service.policy.finding import Evidence, Finding, met, not_met, remark
from service.policy.operators import Recorded, Supply
from service.policy.subject_of_answer import SpeaksOf

TRIAL = Supply(of=("ad.tci",), days=Span(days=42), gap=Span(days=30))
DAYS = Span(days=90)
YEAR = Span(months=12)


def stated(days_ago: int, *, yes: bool = True) -> Finding:
    value = remark("stated_yes" if yes else "stated_no", author="Dr. Ada", until=None)
    shown = Evidence("QuestionnaireResponse/r1", written(days_ago), value, "attestation")
    return met(shown) if yes else not_met(shown)


def counted(case: Case, about: SpeaksOf, days_ago: int, *, yes: bool = True) -> str:
    """What a statement of a day comes to, with the reason where it does not count."""
    finding = for_its_day(replace(case, speaks_of={"c": about}), "c", stated(days_ago, yes=yes))
    why = in_words(finding.miss) if said(finding).startswith("unknown") else ""
    return f"{said(finding)} {why}".strip()


def claims(drug: str, *fills: tuple[int, int]) -> Case:
    given = [{"drug": drug, "days": days, "on": f"{ago} days ago"} for days, ago in fills]
    return patient(claims=given, **CLAIMS_HELD)


def test_response_counts_from_the_day_of_the_first_dose() -> None:
    case, about = claims("dupilumab 300 mg syringe", (28, 200)), SpeaksOf(on_the_drug=True)
    assert counted(case, about, 200) == "met"
    why = "a statement was not counted, it was made before the first dose"
    assert counted(case, about, 201).startswith(f"unknown attestation {why} ({written(200)})")
    assert counted(case, about, 201, yes=False).startswith("unknown")
    assert counted(patient(), about, 201) == "met"


def test_outcome_counts_from_the_day_on_which_the_trial_began() -> None:
    case, about = claims("tacrolimus ointment", (30, 100), (30, 65)), SpeaksOf(trial=TRIAL)
    assert counted(case, about, 100) == "met"
    assert f"before the trial began ({written(100)})" in counted(case, about, 101)
    assert counted(patient(), about, 101) == "met"


def test_statement_about_a_window_counts_so_long_and_says_until_when() -> None:
    case, about = patient(), SpeaksOf(within=(DAYS,))
    assert counted(case, about, 90) == "met"
    assert f"it counted until {written(1)} for this question" in counted(case, about, 91)
    value = remark("stated_yes", author="Dr. Ada", until=case.day.replace(year=2030))
    shown = Evidence("QuestionnaireResponse/r1", written(10), value, "attestation")
    given = replace(case, speaks_of={"c": about})
    (kept,) = for_its_day(given, "c", met(shown)).evidence
    assert in_words(kept.value) == f"stated: yes, by Dr. Ada, counts until {written(-80)}"


def test_statement_about_the_time_before_treatment_looks_back_from_any_day_on_the_drug() -> None:
    case = claims("dupilumab 300 mg syringe", (28, 200))
    about = SpeaksOf(within=(DAYS,), before_treatment=True, baseline_within=(DAYS,))
    assert counted(case, about, 200) == "met"
    assert counted(case, about, 290) == "met"
    assert "it counted until" in counted(case, about, 291)
    assert "it counted until" in counted(patient(), about, 91)


def test_yes_that_there_is_none_does_not_speak_of_what_began_later() -> None:
    now = Supply(of=("immunomodulator.tnf",), now=True)
    case, about = claims("adalimumab", (28, 32), (28, 4)), SpeaksOf(rules_out=(now,))
    assert counted(case, about, 32) == "met"
    assert "the record shows of later days: " in counted(case, about, 33)
    assert counted(case, about, 33, yes=False) == "not_met"


def test_yes_that_there_is_no_allergy_does_not_speak_of_one_that_was_recorded_later() -> None:
    about = SpeaksOf(rules_out=(Recorded(fact=("safety.hypersensitivity",)),))
    code = {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1876376"}
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": "Patient/p1"},
        "code": {"coding": [code]},
        "recordedDate": written(30),
    }
    case = patient_with("allergies", allergy)
    assert counted(case, about, 30) == "met"
    assert "the record shows of later days: " in counted(case, about, 31)
    assert counted(patient(), about, 31) == "met"


def test_allergy_that_was_recorded_after_a_statement_is_newer_whatever_its_onset() -> None:
    asked = Recorded(fact=("safety.hypersensitivity",))
    about = SpeaksOf(rules_out=(asked,))

    def allergy(onset: str, recorded: str) -> Case:
        return patient_with(
            "allergies",
            {
                "resourceType": "AllergyIntolerance",
                "id": "a1",
                "patient": {"reference": "Patient/p1"},
                "code": {"text": "See comments"},
                "onsetDateTime": onset,
                "recordedDate": recorded,
            },
        )

    newer = "a statement was not counted, the record shows of later days"
    assert f"{newer}: not readable here (See comments) ({written(99)})" in counted(
        allergy("2019", written(99)), about, 100
    )
    assert counted(allergy("2019", written(100)), about, 100) == "met"
    assert newer in counted(allergy(written(99), "2019"), about, 100)
    assert newer in counted(allergy("2019", written(1)[:7]), about, 100)


def test_drug_that_was_filled_after_all_were_ruled_out_leaves_the_statement_open() -> None:
    case = claims("tacrolimus ointment", (30, 100), (30, 65))
    about = SpeaksOf(excluded=("ad.tci",))
    assert counted(case, about, 65) == "met"
    why = f"later days: tacrolimus 0.0003 MG/MG Topical Ointment ({written(65)})"
    assert counted(case, about, 66).endswith(why)
    assert counted(case, about, 66, yes=False) == "not_met"
    assert counted(case, SpeaksOf(excluded=("ad.oral_jak",)), 101) == "met"
