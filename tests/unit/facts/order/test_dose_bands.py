"""Which rows of the dose table fit a patient: half-open bands of age and weight."""

import pytest
from support.fact_case import in_words, patient

from service.facts.age import born
from service.facts.order.dose_bands import fitting_bands, label_begins, rows_by_record
from service.policy.amount import Span
from service.policy.operators import Regimen

ASKED = Regimen(
    of="dupilumab",
    phase="initial",
    weight="patient.weight",
    child_below=Span(months=216),
    weight_within_child=Span(days=90),
    weight_within_adult=Span(days=365),
)


def bands(age: str, weight: str | None = None, indication: str = "ad") -> tuple[set[str], bool]:
    """The ids of the rows that fit, and whether that is certain."""
    found = fitting_bands(patient(indication, age=age, weight=weight), ASKED)
    return {one.id for one in found.bands}, found.certain


@pytest.mark.parametrize(
    ("age", "weight", "row"),
    [
        ("6 years less a day", "20 kg", "ad.6mo_5y.15_30"),
        ("6 years", "20 kg", "ad.6y_17y.15_30"),
        ("17 years", "60 kg", "ad.6y_17y.60plus"),
        ("17 years", "59.9 kg", "ad.6y_17y.30_60"),
        ("17 years", "30 kg", "ad.6y_17y.30_60"),
        ("17 years", "29.9 kg", "ad.6y_17y.15_30"),
    ],
)
def test_row_begins_at_its_first_month_and_kilogram(age: str, weight: str, row: str) -> None:
    assert bands(age, weight) == ({row}, True)


def test_adult_needs_no_weight() -> None:
    found, certain = bands("18 years")
    assert len(found) == 1
    assert certain


def test_child_without_a_weight_may_have_any_row_of_its_age() -> None:
    found, certain = bands("10 years")
    assert found == {"ad.6y_17y.15_30", "ad.6y_17y.30_60", "ad.6y_17y.60plus"}
    assert not certain


def test_patient_without_a_birth_date_has_no_row() -> None:
    found = fitting_bands(patient(born=None), ASKED)
    assert found.bands == ()
    assert not found.certain


@pytest.mark.parametrize(
    ("age", "weight", "words"),
    [
        ("5 months", "7 kg", "5 months old; the labelled doses begin at 6 months"),
        ("6 months", "4.9 kg", "the labelled doses at this age begin at 5 kg"),
        ("6 months", "5 kg", None),
        ("6 months", None, None),
    ],
)
def test_patient_below_the_label_is_told_where_it_begins(
    age: str, weight: str | None, words: str | None
) -> None:
    case = patient(age=age, weight=weight)
    birth = born(case)
    assert birth is not None
    assert in_words(label_begins(case, ASKED, birth)) == words


def test_row_labelled_with_a_second_disease_is_the_one_where_that_is_on_record() -> None:
    alone = patient("asthma", age="30 years", diagnoses=[{"is": "asthma"}])
    eczema = {"is": "atopic dermatitis", "severity": "severe"}
    both = patient("asthma", age="30 years", diagnoses=[{"is": "asthma"}, eczema])
    rows = fitting_bands(alone, ASKED).bands
    assert [one.id for one in rows] == ["asthma.12plus.200", "asthma.12plus.300"]
    assert rows_by_record(alone, rows) == (list(rows), None)
    labelled, disease = rows_by_record(both, rows)
    assert [one.id for one in labelled] == ["asthma.12plus.300"]
    assert in_words(disease) == "moderate-to-severe atopic dermatitis"
