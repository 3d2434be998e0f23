"""Sessions, outcomes of trials and exclusions on both sides of what is asked."""

import pytest
from support.boundary import all_announced, variants

from service.policy.truth import Truth

TRIAL = "ad.initial.trial.systemic_or_phototherapy"


@pytest.mark.parametrize(
    ("id_", "cells"),
    [
        (f"{TRIAL}.systemic.outcome", {"met", "not_met", "attestation", "review"}),
        (f"{TRIAL}.phototherapy.supply", {"review", "not_met", "imprecise", "incomplete"}),
        ("ad.initial.trial.all_four_classes_excluded", {"attestation", "not_met", "conflict"}),
    ],
)
def test_every_truth_and_reason_has_a_patient_who_gets_it(id_: str, cells: set[str]) -> None:
    assert cells <= all_announced("ad", "initial", id_)


def test_each_excluded_class_has_a_patient_who_uses_it_today() -> None:
    _, made = variants("ad", "initial", "ad.initial.trial.all_four_classes_excluded")
    used = [one.why for one in made if one.truth is Truth.NOT_MET]
    names = ("ad.systemic_immunosuppressant", "ad.tcs_medium_or_higher", "ad.tci")
    assert used == [f"{name} is in use today" for name in names]
