"""Every patient is in exactly one stage of the course, and each stage says what it means."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from support.cases.run import library
from support.fact_case import CLAIMS_HELD, ordinal, patient

from service.clinical.stages import Beginning, Begins, Effect, beginning, stage_of
from service.clinical.therapies_and_pathways import Stage
from service.facts.supply.on_drug import Exposure
from service.policy.truth import Truth

COURSE = library().clinical.course("dupilumab", ("ad",))
assert COURSE is not None
NOTHING = Effect(patient(), COURSE, Exposure(*[Truth.UNKNOWN] * 3))
FOUND = ("harmed", "failed", "clear", "active", "improved", "responded")


def shows(**found: Truth) -> Effect:
    """An effect of which everything is found already; what is not given is unknown."""
    made = replace(NOTHING)
    vars(made).update({**dict.fromkeys(FOUND, Truth.UNKNOWN), "lost": Truth.MET, **found})
    return made


TRUTHS = (Truth.MET, Truth.NOT_MET, Truth.UNKNOWN)
EVERY = [
    (Exposure(*given), shows(**dict(zip(FOUND, told, strict=True))))
    for given in product(TRUTHS, repeat=3)
    for told in product(TRUTHS, repeat=6)
]
# What must be known of a patient before the stage is told, in the fields' own names.
MEANS: dict[Stage, dict[str, Truth]] = {
    Stage.INTOLERANT: {"harmed": Truth.MET},
    Stage.NOT_STARTED: {"begun": Truth.NOT_MET},
    Stage.STARTED: {"begun": Truth.MET, "on": Truth.MET, "long": Truth.NOT_MET},
    Stage.CLEARED: {"begun": Truth.MET, "on": Truth.MET, "clear": Truth.MET},
    Stage.LOSS_OF_RESPONSE: {
        "on": Truth.MET,
        "long": Truth.MET,
        "active": Truth.MET,
        "responded": Truth.MET,
    },
    Stage.RESPONDING: {"on": Truth.MET, "long": Truth.MET, "improved": Truth.MET},
    Stage.INADEQUATE_RESPONSE: {"begun": Truth.MET, "long": Truth.MET},
    Stage.NOT_ASSESSED: {"begun": Truth.MET, "on": Truth.MET, "long": Truth.MET},
    Stage.INTERRUPTED: {"begun": Truth.MET, "on": Truth.NOT_MET},
    Stage.RELAPSED: {"begun": Truth.MET, "on": Truth.NOT_MET, "active": Truth.MET},
    Stage.NOT_KNOWN: {},
}


def test_every_patient_is_in_one_stage_and_every_stage_has_patients() -> None:
    stages = {stage_of(*one) for one in EVERY}
    assert stages == set(Stage)
    assert len(EVERY) == 3**9


@pytest.mark.parametrize("stage", list(Stage))
def test_a_stage_is_told_only_where_what_it_means_is_known(stage: Stage) -> None:
    for exposure, effect in EVERY:
        if stage_of(exposure, effect) is stage:
            known = exposure._asdict() | vars(effect)
            assert {name: known[name] for name in MEANS[stage]} == MEANS[stage]


def test_patient_off_the_drug_has_no_lost_response() -> None:
    for exposure, effect in EVERY:
        if exposure.on is not Truth.MET and effect.failed is not Truth.MET:
            assert stage_of(exposure, effect) not in {
                Stage.LOSS_OF_RESPONSE,
                Stage.INADEQUATE_RESPONSE,
                Stage.RESPONDING,
                Stage.CLEARED,
            }


def test_a_drug_that_failed_was_given_long_enough_or_without_any_better_value() -> None:
    for exposure, effect in EVERY:
        if stage_of(exposure, effect) is Stage.INADEQUATE_RESPONSE:
            assert effect.failed is Truth.MET or (
                effect.active is Truth.MET and effect.improved is Truth.NOT_MET
            )


TAKEN = Exposure(Truth.MET, Truth.MET, Truth.MET)


@pytest.mark.parametrize(
    ("lost", "improved", "stage"),
    [
        (Truth.MET, Truth.MET, Stage.LOSS_OF_RESPONSE),
        (Truth.MET, Truth.NOT_MET, Stage.LOSS_OF_RESPONSE),
        (Truth.NOT_MET, Truth.MET, Stage.RESPONDING),
        (Truth.UNKNOWN, Truth.MET, Stage.RESPONDING),
        (Truth.UNKNOWN, Truth.UNKNOWN, Stage.NOT_ASSESSED),
        (Truth.NOT_MET, Truth.NOT_MET, Stage.NOT_ASSESSED),
    ],
)
def test_active_disease_after_a_response_is_a_loss_only_where_the_course_says_so(
    lost: Truth, improved: Truth, stage: Stage
) -> None:
    shown = shows(active=Truth.MET, responded=Truth.MET, improved=improved, lost=lost)
    assert stage_of(TAKEN, shown) is stage


def test_a_course_that_does_not_say_when_it_is_lost_goes_by_active_disease() -> None:
    assert stage_of(TAKEN, shows(active=Truth.MET, responded=Truth.MET)) is Stage.LOSS_OF_RESPONSE


DRUG = "dupilumab 300 mg syringe"


def found(*claims: tuple[int, int], **given: object) -> Beginning:
    """What an order begins after fills so many days ago for so many days."""
    entries = [{"drug": DRUG, "days": days, "on": f"{ago} days ago"} for ago, days in claims]
    return beginning(patient(claims=entries, **{**CLAIMS_HELD, **given}), COURSE)


def test_first_order_is_a_start() -> None:
    assert found() == Beginning(Begins.START)
    assert found().is_start


def test_order_during_supply_goes_on() -> None:
    assert found((200, 190)).begins is Begins.CONTINUES
    assert not found((200, 190)).is_start


def test_order_long_after_the_last_supply_is_a_restart_with_its_last_day() -> None:
    restart = found((900, 28))
    assert restart == Beginning(Begins.RESTART, ordinal(873))
    assert date.fromordinal(ordinal(873)) < date(2026, 11, 20)
    assert restart.is_start


def test_supply_of_today_alone_may_be_this_very_order() -> None:
    assert found((0, 28)).begins is Begins.UNKNOWN


@pytest.mark.parametrize(
    "given",
    [{"not_sent": ["claims", "dispenses", "medications", "medicationStatements"]}],
    ids=["nothing came"],
)
def test_order_without_any_list_of_drugs_is_not_known(given: dict[str, object]) -> None:
    assert found(**given).begins is Begins.UNKNOWN


def test_drug_without_a_course_is_not_known() -> None:
    assert beginning(patient(), None).begins is Begins.UNKNOWN
