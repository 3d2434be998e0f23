"""Brands, kits and short names in words: those of other drugs, and those that may be of a class."""

import pytest
from support.claims import known

from service.codes.full_list_tables import NamedProduct, name_table, substances_of_kit
from service.fhir.terminology.terminology import Terminology
from service.fhir.terminology.unlisted_codes import Certainty
from service.fhir.unknown_drugs import certainty_of

NDC = "http://hl7.org/fhir/sid/ndc"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
OTHER, INTERLEUKIN = "immunomodulator.other", "immunomodulator.interleukin"


def terminology() -> Terminology:
    """That of the shipped documents."""
    return known("claims_held").terminology


def named(text: str) -> set[str]:
    """The value sets that the words may mean."""
    entries, _ = terminology().spelled({"text": text}, {})
    assert all(one.question for one in entries)
    return {one.value_set for one in entries}


def is_other(text: str) -> bool:
    """Whether the words surely name another drug, and none of a class."""
    return not named(text) and certainty_of(terminology(), {"text": text}) is Certainty.SURELY


@pytest.mark.parametrize(
    "text",
    [
        *("Mounjaro", "Wegovy 1 mg/0.5 mL", "ZEPBOUND", "Leqvio", "Ubrelvy"),  # newer than 2019
        *("Yaz 28 Day Pack", "Seasonique 91 Day Pack", "Natazia 28 Day Pack", "Ortho Tri-Cyclen"),
        *("Restasis MultiDose", "Pred Forte", "Tobradex", "Ciprodex", "Daliresp"),
        *("Avonex", "Repatha SureClick", "Ashlyna", "Lupron", "Vivitrol", "Accutane", "Cipro"),
        *("Shingrix", "Gardasil 9", "Tdap", "Dexcom G7", "DuoNeb", "Atarax", "Z-Pak"),
        *("ASA 81 mg EC tab", "MVI daily", "Vit D3 2000 IU", "birth control pill", "nebulizer"),
    ],
)
def test_usual_name_of_another_drug_is_no_question(text: str) -> None:
    assert is_other(text)


@pytest.mark.parametrize(
    ("text", "sets"),
    [
        ("Uceris", {"eoe.swallowed_corticosteroid"}),
        ("Genvoya", {"interaction.cyp3a4_strong_inhibitor"}),
        ("Tecfidera 240 mg", {OTHER}),
        ("Vumerity", {OTHER}),
        ("Rapamune", {OTHER}),
        ("everolimus 5 mg tablet", {OTHER}),
        ("Revlimid", {OTHER}),
        ("thalidomide", {OTHER}),
        ("Zeposia", {OTHER}),
        ("Simulect", {INTERLEUKIN}),
        ("daclizumab", {INTERLEUKIN}),
        ("Humira pen", {"immunomodulator.tnf"}),
        (
            "budesonide by nebulizer",
            {"asthma.ics", "copd.ics", "crs.incs", "eoe.swallowed_corticosteroid"},
        ),
    ],
)
def test_a_brand_may_be_in_the_classes_of_its_substance_and_routes(
    text: str, sets: set[str]
) -> None:
    assert named(text) == sets


@pytest.mark.parametrize(
    "text",
    [
        "Briumvi",  # a new antibody of no class yet
        "Fabhalta",
        "Agamree",  # a steroid
        "nebulizer treatment",
        "ASA desensitization",
        "per Julie",
        "study drug xyzmab",
        "new biologic",
        "Wegovi",
    ],
)
def test_unknown_name_is_a_question(text: str) -> None:
    assert not is_other(text)


@pytest.mark.parametrize(
    ("code", "sets"),
    [
        ("0074-1539-03", {"immunomodulator.tnf"}),  # Humira
        ("0074-2042-02", {INTERLEUKIN}),  # Skyrizi
        ("50474-700-62", {"immunomodulator.tnf"}),  # Cimzia
        ("59572-630-27", {"immunomodulator.apremilast"}),  # Otezla starter pack
        ("70700-113-85", set()),  # Isibloom
        ("59627-111-03", set()),  # Avonex
        ("55513-770-01", set()),  # Repatha
    ],
)
def test_a_kit_is_known_by_its_established_name(code: str, sets: set[str]) -> None:
    found = terminology().of_code(NDC, code)
    assert {one.value_set for one in found} == sets
    assert terminology().is_other(NDC, code) is not bool(sets)


def test_a_kit_that_names_a_brand_of_ours_is_not_another_drug() -> None:
    """Point of Care Kit KM: bupivacaine, kenalog, povidone iodine."""
    assert not terminology().is_other(NDC, "70859-042-01")


@pytest.mark.parametrize(
    ("called", "substances"),
    [
        ("Adalimumab", "ADALIMUMAB"),
        ("desogestrel and ethinyl estradiol", "DESOGESTREL; ETHINYL ESTRADIOL"),
        ("lidocaine, prilocaine / bupivacaine", "LIDOCAINE; PRILOCAINE; BUPIVACAINE"),
        ("inflammation reduction pack", ""),
        ("lidocaine, ", ""),
        ("", ""),
    ],
)
def test_the_substances_of_a_kit(called: str, substances: str) -> None:
    assert substances_of_kit("", "KIT", called) == substances
    assert substances_of_kit("WATER", "KIT", called) == "WATER"
    assert substances_of_kit("", "TABLET", called) == ""


def test_name_of_a_product_keeps_its_substances_and_route() -> None:
    table = name_table(
        [
            NamedProduct("Ciprox", "CIPROFLOXACIN", prescribed=True, route="ORAL"),
            NamedProduct("Ciprox", "HYDROCORTISONE; CIPROFLOXACIN", prescribed=True, route="OTIC"),
            NamedProduct("Newbrand", "newium", prescribed=True),
            NamedProduct("Short", "WATER", prescribed=False),
        ]
    )
    assert table.text.decode().splitlines()[1:] == [
        "ciprox\tCIPROFLOXACIN;HYDROCORTISONE@OTIC|CIPROFLOXACIN@ORAL",
        "newbrand\tnewium",
    ]


@pytest.mark.parametrize("code", ["J0480", "J7527"])
def test_billing_codes_of_these_agents_are_questions(code: str) -> None:
    found = terminology().of_code(HCPCS, code)
    assert found
    assert all(one.question for one in found)
