"""Facts of episodes and the operators that count them: one broken line, one mistake."""

from collections.abc import Callable

import pytest

AD = "mappings/policies/bcbsms/dupilumab/2025-10-01/ad.yaml"
COURSES = "mappings/facts/asthma/steroid_courses.yaml"
VISITS = "mappings/facts/asthma/serious_exacerbations.yaml"
ALLERGIES = "mappings/facts/safety/hypersensitivity.yaml"
SOURCE = "mappings/sources/encounters.yaml"
ASKED = "      recorded: ad.diagnosis"
FILLS = "{fills: systemic_corticosteroid,"
BROKEN = {
    "episodes that nothing makes": (
        COURSES,
        FILLS,
        "{",
        "{ reasons",
        "an episode is made of one of fills, events, procedures, conditions; found 0",
    ),
    "episodes made of two things": (
        COURSES,
        FILLS,
        "{fills: systemic_corticosteroid, conditions: asthma.exacerbation,",
        "{fills",
        "an episode is made of one of fills, events, procedures, conditions; found 2",
    ),
    "a drug where a visit is needed": (
        VISITS,
        "encounter.inpatient,",
        "systemic_corticosteroid,",
        "events:",
        "'systemic_corticosteroid' is of the kind therapy_class; encounter is needed here",
    ),
    "an unknown reason": (
        COURSES,
        "asthma.exacerbation,",
        "asthma.exacerbations,",
        "{fills",
        "no value set 'asthma.exacerbations'; did you mean 'asthma.exacerbation'?",
    ),
    "a first reason that is none of the reasons": (
        VISITS,
        "main: asthma.condition",
        "main: copd.condition",
        "events:",
        "no reason 'copd.condition'; did you mean 'asthma.condition'?",
    ),
    "episodes without a gap": (
        COURSES,
        "gap: 7 days, ",
        "",
        "{fills",
        "say the gap within which two of them are one episode",
    ),
    "a gap in months": (
        COURSES,
        "gap: 7 days",
        "gap: 1 month",
        "{fills",
        "gap: days are counted here; write it in days or weeks",
    ),
    "a longest run of visits": (
        VISITS,
        "main: asthma.condition, complaints",
        "main: asthma.condition, longest: 21 days, complaints",
        "events:",
        "'longest' means nothing without 'fills'",
    ),
    "a drug without a name among visits": (
        VISITS,
        "main: asthma.condition, complaints",
        "main: asthma.condition, unnamed: claim.unnamed_drug, complaints",
        "events:",
        "'unnamed' means nothing without 'fills'",
    ),
    "a place among fills": (
        COURSES,
        "{fills",
        "{unplaced: true, fills",
        "{unplaced",
        "'unplaced' means nothing without 'events'",
    ),
    "another kind of visit among fills": (
        COURSES,
        "{fills",
        "{other: {encounter.outpatient: []}, fills",
        "{other",
        "'other' means nothing without 'events'",
    ),
    "a visit that speaks against what is not asked about": (
        VISITS,
        "encounter.office: []",
        "encounter.office: encounter.office",
        "other:",
        "no event 'encounter.office'; did you mean 'encounter.inpatient'?",
    ),
    "a drug as another kind of visit": (
        VISITS,
        "encounter.office: []",
        "asthma.ics: []",
        "other:",
        "'asthma.ics' is of the kind therapy_class; encounter is needed here",
    ),
    "a drug without a name of another kind": (
        COURSES,
        "claim.unnamed_drug",
        "encounter.emergency",
        "{fills",
        "'encounter.emergency' is of the kind encounter; therapy_class or drug is needed here",
    ),
    "an unknown word of what makes an episode": (
        COURSES,
        "longest:",
        "longst:",
        "longst",
        "unknown key 'longst'; did you mean 'longest'?",
    ),
    "what makes episodes in another fact": (
        ALLERGIES,
        "kind: allergy",
        "built_from: [{conditions: asthma.condition, gap: 7 days}]\nkind: allergy",
        "built_from",
        "'built_from' means nothing for the kind allergy",
    ),
    "a path of a reason that says more than names": (
        SOURCE,
        "$.reasonReference]",
        '"$.reasonReference[0]"]',
        "reasonReference[0]",
        "only field names and [*] are read here",
    ),
    "a diagnosis that is counted": (
        AD,
        ASKED,
        "      episodes: {of: ad.diagnosis, at_least: 1, in_last: 12 months}",
        "episodes",
        "'ad.diagnosis' is of the kind diagnosis; episodes is needed here",
    ),
    "no episode at all": (
        AD,
        ASKED,
        "      episodes: {of: asthma.steroid_courses, at_least: 0, in_last: 12 months}",
        "episodes",
        "at_least is at least 1",
    ),
    "a window that is none": (
        AD,
        ASKED,
        "      episodes: {of: asthma.steroid_courses, at_least: 1, in_last: 0 months}",
        "episodes",
        "in_last: a span is longer than nothing",
    ),
    "an unknown therapy during which it counts": (
        AD,
        ASKED,
        (
            "      episodes: {of: asthma.steroid_courses, at_least: 1, in_last: 9 days,\n"
            "        during: [{of: asthma.icss}]}"
        ),
        "during",
        "no value set 'asthma.icss'; did you mean 'asthma.ics'?",
    ),
    "fewer of an unknown fact": (
        AD,
        ASKED,
        "      fewer: {of: asthma.steroid_course, per: 12 months, at_least_observed: 90 days}",
        "fewer",
        "no fact 'asthma.steroid_course'; did you mean 'asthma.steroid_courses'?",
    ),
    "months where days are observed": (
        AD,
        ASKED,
        "      fewer: {of: asthma.steroid_courses, per: 12 months, at_least_observed: 3 months}",
        "fewer",
        "at_least_observed: days are counted here; write it in days or weeks",
    ),
}


@pytest.mark.parametrize("row", BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_told_with_its_place_and_alone(
    tells_alone: Callable[..., None], row: tuple[str, ...]
) -> None:
    tells_alone(*row)
