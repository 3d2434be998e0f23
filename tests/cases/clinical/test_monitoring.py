"""Every therapy that is a medicine or a procedure says what is watched during treatment."""

import pytest
from support.cases.run import library

# No medicine and no procedure: an examination, a question, or what another entry of the list watches.
NO_TREATMENT = {
    "biologic_in_use",
    "biopsy_first",
    "check_loss_of_response",
    "clarify_allergy",
    "complete_trial",
    "confirm_copd",
    "confirm_failure",
    "continue_dupilumab_lung",
    "continue_first_treatment",
    "continue_inhalers",
    "continue_label_dose",
    "emollients",
    "infection_first",
    "label_dose_first",
    "ophthalmology_first",
    "optimise_asthma",
    "optimise_copd",
    "reduce_oral_steroid",
    "repeat_eosinophils",
    "repeat_measure",
    "sinus_surgery",
    "specialist_child",
    "stop_reason",
}
THERAPIES = library().clinical.therapies


@pytest.mark.parametrize("name", sorted(set(THERAPIES) - NO_TREATMENT))
def test_a_therapy_says_what_is_watched_or_that_nothing_is_asked(name: str) -> None:
    assert THERAPIES[name].monitoring


def test_nothing_that_is_ordered_stands_among_what_is_no_treatment() -> None:
    assert {THERAPIES[one].kind for one in NO_TREATMENT} == {"advice"}
