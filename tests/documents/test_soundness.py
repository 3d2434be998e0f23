"""Documents that are well formed and still wrong: each mistake told at its place, and alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
AD, HEAD, COMMON = (f"{VERSION}/{name}.yaml" for name in ("ad", "policy", "common"))
CARD = "cards/coverage.yaml"
MISSES = "cards/misses.yaml"
Mistakes = Callable[[], list[str]]
TellsAlone = Callable[..., None]

# file, what stands there, what it becomes, where the mistake is told, how, in which other file
BROKEN: dict[str, tuple[str, ...]] = {
    "an age that is compared by at_most": (
        AD,
        "at_least: 6 months",
        "at_most: 6 months",
        "at_most: 6 months",
        "an age takes at_least or less_than",
    ),
    "a comparison without a bound": (
        AD,
        "      at_least: 10 % BSA\n",
        "",
        "fact: ad.bsa",
        "'ad.bsa' is compared with nothing; say at_least or less_than",
    ),
    "a bound outside the fact's range": (
        AD,
        "at_least: 10 % BSA",
        "at_least: 1000 % BSA",
        "at_least: 1000 % BSA",
        "1000 % BSA lies outside the range of 'ad.bsa'",
    ),
    "a negative span": (
        AD,
        "within: 90 days",
        "within: -90 days",
        "within: -90 days",
        "within: a span is a whole number of days, weeks, months or years, like '28 days'",
    ),
    "months where days are counted": (
        AD,
        "for: 42 days",
        "for: 2 months",
        "for: 2 months",
        "for: days are counted here; write it in days or weeks",
    ),
    "half a month": (
        AD,
        "at_least: 6 months",
        "at_least: 6.5 months",
        "at_least: 6.5 months",
        "an age is a whole number of days, weeks, months or years",
    ),
    "statement: true beside an operator": (
        AD,
        "statement: decides",
        "statement: true",
        "statement: true",
        "'statement: true' stands alone, without 'fact'; did you mean 'decides'?",
    ),
    "an empty sentence": (AD, "says: Diagnosis", 'says: ""', 'says: ""', "says says nothing"),
    "a supply without a test": (
        AD,
        "ever: true, ",
        "",
        "supply: {of: ad.biologic_other, accepts: pharmacy}",
        "a supply has one test of now, ever, covered, current_for, longest, days, found none",
    ),
    "a supply with two tests": (
        AD,
        "ever: true",
        "ever: true, now: true",
        "ever: true, now: true",
        "a supply has one test of now, ever, covered, current_for, longest, days, found now, ever",
    ),
    "a supply of a diagnosis": (
        AD,
        "of: ad.biologic_other",
        "of: ad.condition",
        "of: ad.condition",
        "'ad.condition' is of the kind condition; therapy_class or drug is needed here",
    ),
    "a supply of drugs that have names alone": (
        AD,
        "of: ad.biologic_other",
        "of: dupilumab.excipient_allergy",
        "of: dupilumab.excipient_allergy",
        (
            "'dupilumab.excipient_allergy' has no codes under 'codes', and the name of a drug is a "
            "question: nothing could meet this"
        ),
    ),
    "a prefetch token below the first level": (
        "mappings/sources/allergies.yaml",
        "{{context.patientId}}",
        "{{context.draftOrders.id}}",
        "{{context.draftOrders.id}}",
        (
            "CDS Hooks has no prefetch token '{{context.draftOrders.id}}'; only the first level of "
            "'context' counts: context.patientId, context.encounterId, context.userId"
        ),
    ),
    "a prefetch token that is not closed": (
        "mappings/sources/allergies.yaml",
        "{{context.patientId}}",
        "{{context.patientId",
        "{{context.patientId",
        "a brace has no partner; a token is written like '{{context.patientId}}'",
    ),
    "a mistyped way of counting": (
        AD,
        "for: 42 days",
        "counted_by: session",
        "counted_by: session",
        "counted_by is one of supply, sessions; did you mean 'sessions'?",
    ),
    "recorded of a supply": (
        AD,
        "      recorded: ad.diagnosis",
        "      recorded: therapy.supply",
        "recorded: therapy.supply",
        (
            "'therapy.supply' is of the kind supply; diagnosis or grade or allergy or quantity or "
            "statement or procedure is needed here"
        ),
    ),
    "a mistyped kind of evidence": (
        HEAD,
        "[claim, dispense,",
        "[claims, dispense,",
        "[claims, dispense,",
        "no evidence 'claims'; did you mean 'claim'?",
    ),
    "an unknown name of a group": (
        HEAD,
        "groups: {initial:",
        "groups: {inital:",
        "groups: {inital:",
        "no group 'inital'; did you mean 'initial'?",
    ),
    "a drug that no service serves": (
        HEAD,
        "drug: dupilumab",
        "drug: ad.tci",
        "drug: ad.tci",
        "'ad.tci' is of the kind therapy_class; drug is needed here",
    ),
    "a regimen of the other path": (
        COMMON,
        "phase: initial",
        "phase: renewal",
        "phase: renewal",
        "phase is renewal, the criterion stands in initial",
    ),
    "a mistyped code system": (
        "mappings/value_sets/ad.tci.yaml",
        "umls/rxnorm:",
        "umls/rxnrm:",
        "umls/rxnrm:",
        (
            "no code system 'http://www.nlm.nih.gov/research/umls/rxnrm'; did you mean "
            "'http://www.nlm.nih.gov/research/umls/rxnorm'?"
        ),
    ),
    "an NDC without quotes": (
        "mappings/value_sets/dupilumab.yaml",
        'code: "00024591400"',
        "code: 00024591400",
        "code: 00024591400",
        "'00024591400' may be read as another number; put it in quotes",
    ),
    "an NDC with hyphens": (
        "mappings/value_sets/dupilumab.yaml",
        'code: "00024591400"',
        'code: "0024-5914-00"',
        'code: "0024-5914-00"',
        "the NDC '0024-5914-00' is not 11 digits without hyphens",
    ),
    "an indication that no policy has": (
        "mappings/facts/ad/diagnosis.yaml",
        "indications: ad",
        "indications: adx",
        "indications: adx",
        "no indication 'adx'; did you mean 'ad'?",
    ),
    "a grade that is never given": (
        "mappings/facts/ad/grade.yaml",
        "enough: [moderate,",
        "enough: [moderat,",
        "enough: [moderat,",
        "no grade 'moderat'; did you mean 'moderate'?",
    ),
    "a range upside down": (
        "mappings/facts/ad/bsa.yaml",
        "range: [0, 100]",
        "range: [100, 0]",
        "range: [100, 0]",
        "the range begins above its end",
    ),
    "a quantity without a unit": (
        "mappings/facts/ad/pruritus_nrs.yaml",
        'unit: "score"\n',
        "",
        "",
        "a fact of the kind quantity has a unit",
    ),
    "a mistyped resource type": (
        "mappings/sources/allergies.yaml",
        "type: AllergyIntolerance",
        "type: AllergyIntolerence",
        "type: AllergyIntolerence",
        "no R4 resource type 'AllergyIntolerence'; did you mean 'AllergyIntolerance'?",
    ),
    "a mistyped indication of a dose": (
        "mappings/regimens/dupilumab.yaml",
        "indication: ad,",
        "indication: adx,",
        "indication: adx,",
        "no indication 'adx'; did you mean 'ad'?",
    ),
    "a text of a card that is gone": (
        CARD,
        "  no_policy:",
        "  no_polcy:",
        "no_polcy:",
        "no card has a text 'no_polcy'; did you mean 'no_policy'?",
    ),
    "a variable of a card that nobody gives": (
        CARD,
        "{{ payer }}: documented",
        "{{ payr }}: documented",
        "{{ payr }}: documented",
        "met: no variable 'payr' here; did you mean 'payer'?",
    ),
    "a day that no calendar has": (
        HEAD,
        "last_checked: 2026-11-21",
        "last_checked: 2026-11-31",
        "last_checked: 2026-11-31",
        "'2026-11-31' is no day of the calendar",
    ),
    "an address that is none": (
        HEAD,
        "url: https://www.bcbsms",
        "url: htps://www.bcbsms",
        "htps://",
        "url: an address of the web begins with https:// or http:// and has no spaces",
    ),
    "a notice that is no list": (
        AD,
        "says: All of it",
        "says: All of it\n  notice: 5",
        "notice: 5",
        "a notice is a list of 'when' and 'says'",
    ),
    "a grade for no number": (
        "mappings/facts/ad/grade.yaml",
        '"2": mild',
        '"two": mild',
        '"two": mild',
        "two is a number, without quotes and with a point",
    ),
    "a placeholder that nobody fills": (
        HEAD,
        "{says}: supply",
        "{say}: supply",
        "{say}: supply",
        "supply_says: holds {says} and no other braces",
    ),
    "a list in a list": (
        AD,
        "      recorded: ad.diagnosis",
        "      recorded: [[ad.diagnosis]]",
        "recorded: [[ad.diagnosis]]",
        "recorded takes the name of a fact or a list of names",
    ),
    "a placeholder of another kind": (
        HEAD,
        "{says}: supply",
        "{says.x}: supply",
        "{says.x}: supply",
        "supply_says: holds {says} and no other braces",
    ),
    "a brace that is not closed": (
        HEAD,
        "{says}: supply",
        "{says: supply",
        "{says: supply",
        "supply_says: holds {says} and no other braces",
    ),
    "a mapping that is recorded": (
        AD,
        "recorded: ad.diagnosis\n",
        "recorded: {x: 1}\n",
        "recorded: {x: 1}",
        "recorded takes the name of a fact or a list of names",
    ),
    "a notice that is text": (
        AD,
        "says: All of it",
        "says: All of it\n  notice: [x]",
        "notice: [x]",
        "a notice has 'when' (a criterion) and 'says' (text)",
    ),
    "an alias": (
        AD,
        'says: Body surface\n      cite: "24"',
        "says: &a Body surface\n      cite: *a",
        "cite: *a",
        "an alias (*) repeats another part; write it out",
    ),
    "a word that YAML takes for a truth": (
        AD,
        "ever: true",
        "ever: yes",
        "ever: yes",
        "'yes' is a truth in YAML; write true or false, or put it in quotes",
    ),
    "a regimen that is a list": (
        COMMON,
        "{of: dupilumab, phase",
        "{of: [dupilumab], phase",
        "{of: [dupilumab], phase",
        "of is text, not a list",
    ),
    "a weight that is none": (
        COMMON,
        "weight: patient.weight",
        "weight: ad.bsa",
        "weight: ad.bsa",
        "'ad.bsa' is no weight: a quantity in kg is needed here",
    ),
    "an evidence set that is written out": (
        AD,
        "ever: true, accepts: pharmacy",
        "ever: true, accepts: [claim]",
        "ever: true, accepts: [claim]",
        "accepts is the name of one set of evidence of policy.yaml",
    ),
    "a quantity that is asked for by is": (
        AD,
        "at_least: 10 % BSA",
        "is: true",
        "is: true",
        "'is' is for sites; 'ad.bsa' takes a bound",
    ),
    "sites that are to be free": (
        AD,
        "      fact: ad.bsa\n      at_least: 10 % BSA\n      within: 90 days",
        "      fact: ad.palms_soles\n      is: false",
        "is: false",
        "'ad.palms_soles' takes 'is: true'",
    ),
    "sites with a bound": (
        AD,
        "      fact: ad.bsa\n      at_least: 10 % BSA\n      within: 90 days",
        "      fact: ad.palms_soles\n      at_least: 1 score",
        "at_least: 1 score",
        "'ad.palms_soles' is a list of sites and takes 'is: true'",
    ),
    "bounds that leave nothing": (
        AD,
        "at_least: 10 % BSA",
        "at_least: 20 % BSA\n      less_than: 10 % BSA",
        "fact: ad.bsa",
        "no value lies between these bounds",
    ),
    "a trend of a diagnosis": (
        AD,
        "      fact: ad.bsa\n      at_least: 10 % BSA\n      within: 90 days",
        "      trend: {of: ad.diagnosis, better: lower, stable_counts: true}",
        "trend: {of: ",
        "'ad.diagnosis' is of the kind diagnosis; quantity is needed here",
    ),
    "a window of nothing": (
        AD,
        "within: 90 days",
        "within: 0 days",
        "within: 0 days",
        "within: a span is longer than nothing",
    ),
    "a window that no calendar holds": (
        AD,
        "within: 90 days",
        "within: 99999 years",
        "within: 99999 years",
        "within: longer than a life",
    ),
    "an age that nobody reaches": (
        AD,
        "at_least: 6 months",
        "at_least: 999 years",
        "at_least: 999 years",
        "no patient becomes so old",
    ),
    "a key that means nothing there": (
        AD,
        "      recorded: ad.diagnosis",
        "      recorded: ad.diagnosis\n      at_least: 5 score",
        "at_least: 5 score",
        "'at_least' means nothing beside 'recorded'",
    ),
    "an id of nobody's": (
        AD,
        "id: ad.initial.age",
        "id: initial.age",
        "id: initial.age",
        "the id 'initial.age' does not begin with 'ad.'",
    ),
    "an id that a trial makes": (
        AD,
        "id: ad.initial.biologic",
        "id: ad.initial.tci.supply",
        "id: ad.initial.tci.supply",
        (
            "the id 'ad.initial.tci.supply' stands already at "
            "mappings/policies/bcbsms/dupilumab/2025-10-01/ad.yaml:23"
        ),
    ),
    "a citation that names no line": (
        AD,
        'cite: "24"',
        'cite: "line 24"',
        'cite: "line 24"',
        "cite is lines of the source, rising, like '24' or '37-39, 167'",
    ),
    "a citation that runs backwards": (
        AD,
        'cite: "24"',
        'cite: "37-29"',
        'cite: "37-29"',
        "cite is lines of the source, rising, like '24' or '37-39, 167'",
    ),
    "a citation whose parts fall": (
        AD,
        'cite: "24"',
        'cite: "37-39, 24"',
        'cite: "37-39, 24"',
        "cite is lines of the source, rising, like '24' or '37-39, 167'",
    ),
    "a citation beyond the source": (
        AD,
        'cite: "24"',
        'cite: "24, 1670"',
        'cite: "24, 1670"',
        "the source has 198 lines, line 1670 is none of them",
    ),
    "a reading cited beyond the source": (
        HEAD,
        'cite: "26-30", why',
        'cite: "26-300", why',
        "A01:",
        "the source has 198 lines, line 300 is none of them",
    ),
    "a length of the source in words": (
        HEAD,
        "lines: 198}",
        "lines: many}",
        "source:",
        "lines is how many lines the source has, a whole number",
    ),
    "a code system without a code": (
        "mappings/value_sets/referral.dermatology.yaml",
        "\ntexts:",
        "\nquestions: {http://snomed.info/sct: []}\ntexts:",
        "questions:",
        "no code stands under 'http://snomed.info/sct'",
    ),
    "a review in other words": (
        AD,
        "for: 42 days",
        "always: maybe",
        "always: maybe",
        "always is review",
    ),
    "a gap without runs": (
        AD,
        "ever: true",
        "ever: true, gap: 30 days",
        "ever: true, gap: 30 days",
        "'gap' means nothing beside 'ever'",
    ),
    "more criteria than there are": (
        AD,
        "      fact: ad.bsa\n      at_least: 10 % BSA\n      within: 90 days",
        '      at_least_of: {n: 2, of: [{id: ad.q, says: x, cite: "1", statement: true}]}',
        "at_least_of:",
        "n is a whole number up to the length of the list 'of'",
    ),
    "a list for an indication": (
        AD,
        'renewal: {id: ad.renewal, says: Still so, cite: "121", recorded: ad.diagnosis}',
        "renewal: []",
        "renewal: []",
        "a criterion is a list of keys with id, says, cite and one operator",
    ),
    "an unknown payer": (
        HEAD,
        "payer: bcbsms",
        "payer: bcbs",
        "payer: bcbs",
        "no payer 'bcbs'; did you mean 'bcbsms'?",
    ),
    "a gap in months": (
        HEAD,
        "gap: 30 days",
        "gap: 1 month",
        "gap: 1 month",
        "gap: days are counted here; write it in days or weeks",
    ),
    "an indication of drugs": (
        HEAD,
        "conditions: ad.condition",
        "conditions: ad.tci",
        "conditions: ad.tci",
        "'ad.tci' is of the kind therapy_class; condition is needed here",
    ),
    "a review before the last look": (
        HEAD,
        "review_by: 2027-06-30",
        "review_by: 2020-06-30",
        "review_by: 2020-06-30",
        "review_by lies before last_checked",
    ),
    "a kind of fact that is missing": (
        "mappings/facts/therapy/supply.yaml",
        "kind: supply",
        "kind: pharmacy",
        "",
        "no fact of the kind supply; operators need one",
        "mappings/facts",
    ),
    "a second fact of a kind": (
        "mappings/facts/administrative/pharmacy.yaml",
        "kind: pharmacy",
        "kind: specialty",
        "kind: specialty",
        "a second fact of the kind specialty; the first is mappings/facts/administrative/pharmacy.yaml",
        "mappings/facts/administrative/specialty.yaml",
    ),
    "a fact found by a diagnosis": (
        "mappings/facts/ad/bsa.yaml",
        "score.bsa_pct",
        "ad.condition",
        "ad.condition",
        "'ad.condition' is of the kind condition; observation is needed here",
    ),
    "a key that is mistyped and so missing": (
        "mappings/facts/ad/bsa.yaml",
        "kind: quantity",
        "kindd: quantity",
        "kindd: quantity",
        "unknown key 'kindd'; did you mean 'kind'?",
    ),
    "a value set that others use": (
        "mappings/value_sets/ad.tci.yaml",
        "kind: therapy_class",
        "kind: therapy",
        "kind: therapy",
        (
            "kind is one of therapy_class, drug, condition, observation, encounter, procedure, "
            "site, severity, specialty, reason, status, answer_yes, answer_no, answer_nothing, "
            "coverage; did you mean 'therapy_class'?"
        ),
    ),
    "a source that others use": (
        "mappings/sources/observations.yaml",
        "kind: record",
        "kind: recor",
        "kind: recor",
        "kind is one of claim, dispense, record, chart, attestation; did you mean 'record'?",
    ),
    "a unit that doses need": (
        "mappings/units.yaml",
        "word: mg",
        "word: mgg",
        "",
        "the unit 'mg' is missing; doses are counted in it",
    ),
    "a type that orders need": (
        "mappings/sources/answers.yaml",
        "type: QuestionnaireResponse",
        "type: DocumentReference",
        "",
        "no source of the type QuestionnaireResponse",
        "mappings/sources",
    ),
    "two sources of one type": (
        "mappings/sources/practitionerRoles.yaml",
        "type: PractitionerRole",
        "type: Practitioner",
        "type: Practitioner",
        "a second source of Practitioner; the first is mappings/sources/practitioner.yaml",
    ),
    "a dose without its quantity": (
        "mappings/regimens/dupilumab.yaml",
        ", units_per_28_days: 2",
        "",
        "- {id: ad.ad",
        "a row has units_per_28_days above 0, or table: missing",
    ),
    "a band upside down": (
        "mappings/regimens/dupilumab.yaml",
        "weight: {from: 15 kg, below: 30 kg}",
        "weight: {from: 45 kg, below: 30 kg}",
        "weight: {from: 45 kg, below: 30 kg}",
        "weight: the band begins at or above its end",
    ),
    "a variable in a part that is seldom shown": (
        CARD,
        "(found: {{ shown }})",
        "(found: {{ shwn }})",
        "(found: {{ shwn }})",
        "way: no variable 'shwn' here; did you mean 'shown'?",
    ),
    "a text that cannot be rendered": (
        CARD,
        "{{ drug }}: no",
        "{{ 1/0 }}: no",
        "{{ 1/0 }}: no",
        "no_policy: cannot be rendered: division by zero",
    ),
    "a text of a kind of miss that is none": (
        MISSES,
        "  no_session:",
        "  no_sesion:",
        "no_sesion:",
        "no card has a text 'no_sesion'; did you mean 'no_session'?",
    ),
    "a value that a kind of miss does not give": (
        MISSES,
        "{{ miss }}; earliest on",
        "{{ mis }}; earliest on",
        "{{ mis }}; earliest on",
        "reached_on: no variable 'mis' here; did you mean 'miss'?",
    ),
    "a miss that cannot be rendered": (
        MISSES,
        "first dose {{ day }}",
        "first dose {{ day / 0 }}",
        "first dose {{ day / 0 }}",
        "first_dose_about: cannot be rendered: unsupported operand type(s) for /: 'str' and 'int'",
    ),
    "a value in single braces that a reason does not give": (
        "cards/alternatives.yaml",
        "label: {limit}",
        "label: {limits}",
        "label: {limits}",
        "label: no value 'limits' here; did you mean 'limit'?",
    ),
    "a text that stands twice": (
        CARD,
        "  elsewhere: ",
        "  no_policy: x\n  elsewhere: ",
        'no_policy: "',
        "the key 'no_policy' stands twice",
    ),
}


@pytest.mark.parametrize("row", BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_told_with_its_place_and_alone(
    tells_alone: TellsAlone, row: tuple[str, ...]
) -> None:
    tells_alone(*row)


def test_an_indication_whose_file_is_not_there(
    content: Path, mistakes: Callable[[], list[str]]
) -> None:
    (content / VERSION / "pn.yaml").unlink()
    assert mistakes() == [f"{VERSION}/pn.yaml:1: this file is missing"]


ELSEWHERE = {
    "a file that no policy asks for": (
        f"{VERSION}/add.yaml",
        f"{VERSION}/add.yaml:1: policy.yaml asks for no such file; did you mean 'ad.yaml'?",
    ),
    "a file of an indication that the policy does not name": (
        f"{VERSION}/csu.yaml",
        f"{VERSION}/csu.yaml:1: policy.yaml asks for no such file; did you mean 'crswnp.yaml'?",
    ),
    "criteria without a policy": (
        "mappings/policies/other/drug/2026-01-01/ad.yaml",
        "mappings/policies/other/drug/2026-01-01/policy.yaml:1: this file is missing",
    ),
    "a folder that nothing is read from": (
        "mappings/fact/bsa.yaml",
        "mappings/fact:1: nothing is read from here; did you mean 'facts'?",
    ),
    "another ending of a name": (
        "mappings/facts/ad/poem.yml",
        "mappings/facts/ad/poem.yml:1: not read; its name must end in .yaml",
    ),
    "a card that there is not": ("cards/safety.yaml", "cards/safety.yaml:1: no card has this file"),
}


@pytest.mark.parametrize(("file", "says"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_file_in_the_wrong_place_is_told(
    content: Path, mistakes: Mistakes, file: str, says: str
) -> None:
    (content / file).parent.mkdir(parents=True, exist_ok=True)
    (content / file).write_text("a: 1\n", encoding="utf-8")
    assert mistakes() == [says]


STRANGE = ("5", "[[x]]", "{x: 1}", "&a [*a]")
KEYS = (
    *((AD, key) for key in ("initial", "fact", "recorded", "trial", "supply", "reading", "id")),
    *((HEAD, key) for key in ("accepts", "readings", "indications", "for", "groups", "effective")),
    *((COMMON, key) for key in ("regimen", "specialty", "not")),
    ("mappings/facts/ad/grade.yaml", "scales"),
    ("mappings/facts/ad/bsa.yaml", "range"),
    (CARD, "texts"),
)


@pytest.mark.parametrize(("file", "key"), KEYS)
def test_no_value_ends_in_a_traceback(
    content: Path, mistakes: Mistakes, file: str, key: str
) -> None:
    lines = (content / file).read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if f"{key}:" in line)
    before = lines[number].partition(f"{key}:")[0]
    for value in STRANGE:
        broken = [*lines[:number], f"{before}{key}: {value}", *lines[number + 1 :]]
        (content / file).write_text("\n".join(broken), encoding="utf-8")
        assert all(".yaml:" in told for told in mistakes())
