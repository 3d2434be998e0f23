"""The device of an order against the age from which the label allows it."""

from dataclasses import replace

import pytest
from support.fact_case import in_words, patient

from service.clinical.devices import device_for, device_remark, strength_remark
from service.facts.case import Case
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


def ordered(age: str, device: str | None, dose: float | None = 300) -> Case:
    case = patient(age=age)
    product = {"device": device, "dose_mg": dose}
    order = replace(
        case.order, product={name: one for name, one in product.items() if one is not None}
    )
    return replace(case, order=order)


@pytest.mark.parametrize(
    ("age", "device", "instead"),
    [
        ("2 years", "pen", "pen"),
        ("2 years less a day", "pen", "syringe"),
        ("6 months", "syringe", "syringe"),
        ("36 years", "pen", "pen"),
        ("36 years", None, None),
    ],
)
def test_device_is_kept_from_the_labelled_age_on(
    age: str, device: str | None, instead: str | None
) -> None:
    assert device_for(ordered(age, device), ASKED) == instead


def test_device_below_its_age_is_remarked_with_another() -> None:
    remark = device_remark(ordered("23 months", "pen"), ASKED)
    assert remark is not None
    assert remark.kind == "device"
    assert {name: in_words(one) for name, one in remark.values.items()} == {
        "device": "pen",
        "from_age": "2 years",
        "age": "23 months",
        "instead": "syringe",
    }


def test_order_without_a_device_is_remarked_only_for_a_young_child() -> None:
    remark = device_remark(ordered("23 months", None), ASKED)
    assert remark is not None
    assert (remark.kind, remark.is_repaired) == ("device_asked", False)
    assert device_remark(ordered("36 years", None), ASKED) is None


def test_labelled_device_and_unknown_age_are_not_remarked() -> None:
    assert device_remark(ordered("36 years", "pen"), ASKED) is None
    unknown = patient(born=None)
    assert device_remark(unknown, ASKED) is None


def with_dose(strength: float, dose: str | None, loading: str | None = "600 mg") -> Case:
    case = patient(order={"dose": dose, "loading": loading, "every": "14 days"})
    product = {"dose_mg": strength, "device": "syringe"}
    return replace(case, order=replace(case.order, product=product))


@pytest.mark.parametrize(
    ("strength", "dose", "expected"),
    [
        (200, "300 mg", {"dose": "300", "count": "1.5", "parts": "yes", "instead": "300"}),
        (100, "300 mg", {"dose": "300", "count": "3", "parts": "", "instead": "300"}),
        (300, "200 mg", {"dose": "200", "count": "0.667", "parts": "yes", "instead": ""}),
        (300, "300 mg", None),
        (100, "200 mg", None),
    ],
)
def test_product_that_does_not_fit_the_dose_is_remarked_with_the_labelled_strength(
    strength: float, dose: str, expected: dict[str, str] | None
) -> None:
    remark = strength_remark(with_dose(strength, dose), ASKED)
    if expected is None:
        assert remark is None
        return
    assert remark is not None
    assert remark.kind == "strength"
    values = {name: in_words(one) for name, one in remark.values.items()}
    assert values == expected | {"strength": f"{strength}", "device": "syringe"}


def test_order_without_a_strength_or_a_dose_has_no_such_remark() -> None:
    assert strength_remark(ordered("36 years", "pen", None), ASKED) is None
    assert strength_remark(with_dose(200, None, None), ASKED) is None
