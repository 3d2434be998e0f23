"""The directory of drug products: NDCs in every spelling, in their class, a question, or another drug."""

import random
from collections import Counter
from collections.abc import Mapping

import pytest

from service.fhir.terminology.drugs import Entry, read_directory_product
from service.fhir.terminology.ndc import readings
from service.library import Library

NDC = "http://hl7.org/fhir/sid/ndc"
NDC_OID = "urn:oid:2.16.840.1.113883.6.69"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
# FDA's directory of 2019: fluticasone propionate nasal spray 50 ug, metformin tablets.
FLUTICASONE, METFORMIN = "00054327099", "68382002801"


def found(library: Library, code: str, system: str = NDC) -> dict[str, Entry]:
    return {one.value_set: one for one in library.terminology.of_code(system, code)}


SPELLINGS: Mapping[str, str] = {
    "11 digits": "00054327099",
    "5-4-2": "00054-3270-99",
    "4-4-2": "0054-3270-99",
    "10 digits": "0054327099",
    "N4": "N400054327099",
    "N4, small, with a space": "n4 00054327099",
    "N4 with hyphens": "N4 0054-3270-99",
    "N4 and a quantity": "N400054327099 UN1",
    "asterisk for the zero": "*0054-3270-99",
    "NDC before it": "NDC:0054-3270-99",
    "6-4-2": "000054-3270-99",
    "12 digits": "000054327099",
    "spaces": "0054 3270 99",
    "spaces around": " 00054327099 ",
    "product of 9 digits": "000543270",
    "product 5-4": "00054-3270",
    "product 4-4": "0054-3270",
    "product of 8 digits": "00543270",
    "another package": "0054-3270-01",
    "a number without its zeros": "54327099",
}


@pytest.mark.parametrize("system", [NDC, NDC_OID])
@pytest.mark.parametrize("code", SPELLINGS.values(), ids=SPELLINGS)
def test_an_ndc_leads_to_its_product_in_every_spelling(
    library: Library, system: str, code: str
) -> None:
    (entry,) = found(library, code, system).values()
    assert (entry.value_set, entry.question) == ("crs.incs", False)
    assert not library.terminology.is_other(system, code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "N4",
        "metformin",
        "1-2-3-4",
        "123456-789-01",
        "٠٠٠٥٤٣٢٧٠٩٩",
        "0054-32701-99",
        "1-2-3",
        "-",
        "**",
    ],
)
def test_what_is_no_ndc_says_nothing(library: Library, code: str) -> None:
    assert not found(library, code)
    assert not library.terminology.is_other(NDC, code)


def test_ten_digits_that_may_be_two_products_are_a_question(library: Library) -> None:
    """00093-0073 is another drug; 10544-0045 is a steroid, 10544-0451 another drug."""
    for bare, both in {"0009307301": 2, "1054404515": 2}.items():
        known = library.terminology.lists.directory  # type: ignore[union-attr]
        assert known is not None
        held = [one for one in readings(bare) if known.descriptions(one[:9])]
        assert len(held) == both
        (entry,) = found(library, bare).values()
        assert (entry.value_set, entry.question) == ("systemic_corticosteroid", True)
        assert not library.terminology.is_other(NDC, bare)


def test_a_number_that_lost_its_zeros_is_no_other_drug(library: Library) -> None:
    """A sheet of numbers made 24591401 of Dupixent's 00024591401, and 168016315 of 00168016315."""
    assert found(library, "24591401").keys() == {"dupilumab"}
    assert found(library, "168016315").keys() == {"ad.tcs_medium_or_higher"}


# product of the directory → sets that hold it, `?` where only asked; nothing: surely another drug
DECIDED: Mapping[str, tuple[str, ...]] = {
    "CLOBETASOL PROPIONATE\t.5\tmg/g\tCREAM\tTOPICAL": ("ad.tcs_medium_or_higher",),
    "HYDROCORTISONE\t25\tmg/g\tCREAM\tTOPICAL": ("ad.tcs_low",),
    "HYDROCORTISONE\t1\tg/100g\tOINTMENT\tTOPICAL": ("ad.tcs_low",),
    "HYDROCORTISONE BUTYRATE\t1\tmg/g\tCREAM\tTOPICAL": ("?ad.tcs_medium_or_higher",),
    "HYDROCORTISONE\t20\tmg/1\tTABLET\tORAL": ("systemic_corticosteroid",),
    "HYDROCORTISONE ACETATE\t25\tmg/1\tSUPPOSITORY\tRECTAL": (),
    "BETAMETHASONE DIPROPIONATE\t.64\tmg/g\tCREAM\tTOPICAL": ("ad.tcs_medium_or_higher",),
    "BETAMETHASONE VALERATE\t1.2\tmg/g\tCREAM\tTOPICAL": ("?ad.tcs_medium_or_higher",),
    "BETAMETHASONE VALERATE\t1.2\tmg/g\tOINTMENT\tTOPICAL": ("ad.tcs_medium_or_higher",),
    "BETAMETHASONE VALERATE\t.5\tmg/g\tOINTMENT\tTOPICAL": ("?ad.tcs_medium_or_higher",),
    "BETAMETHASONE\t.5\tmg/g\tOINTMENT\tTOPICAL": ("?ad.tcs_medium_or_higher",),
    "CLOTRIMAZOLE; BETAMETHASONE DIPROPIONATE\t10; .5\tmg/g; mg/g\tCREAM\tTOPICAL": (
        "?ad.tcs_medium_or_higher",
    ),
    "TACROLIMUS\t1\tmg/g\tOINTMENT\tTOPICAL": ("ad.tci",),
    "TACROLIMUS\t1\tmg/1\tCAPSULE\tORAL": ("immunosuppressant.tacrolimus",),
    "TACROLIMUS\t2\tmg/g\tOINTMENT\tTOPICAL": ("?ad.tci",),
    "CYCLOSPORINE\t.5\tmg/mL\tEMULSION\tOPHTHALMIC": (),
    "CYCLOSPORINE\t25\tmg/1\tCAPSULE, LIQUID FILLED\tORAL": ("ad.systemic_immunosuppressant",),
    "CYCLOSPORINE\t25\tmg/1\tCAPSULE, LIQUID FILLED\t": ("?ad.systemic_immunosuppressant",),
    "METHOTREXATE SODIUM\t2.5\tmg/1\tTABLET\tORAL": ("ad.systemic_immunosuppressant",),
    "FLUTICASONE PROPIONATE\t50\tug/1\tSPRAY, METERED\tNASAL": ("crs.incs",),
    "FLUTICASONE PROPIONATE\t50\tug/.1g\tSPRAY, METERED\tNASAL": ("crs.incs",),
    "TIOTROPIUM BROMIDE\t3.124\tug/1\tSPRAY, METERED\tRESPIRATORY (INHALATION)": (
        "asthma.lama",
        "copd.lama",
    ),
    "UMECLIDINIUM BROMIDE; VILANTEROL TRIFENATATE\t62.5; 25\tug/1; ug/1\tPOWDER\tRESPIRATORY (INHALATION)": (
        "asthma.laba",
        "asthma.lama",
        "copd.laba",
        "copd.lama",
    ),
    "GLYCOPYRROLATE\t1\tmg/1\tTABLET\tORAL": (),
    "OMEPRAZOLE\t20\tmg/1\tCAPSULE, DELAYED RELEASE\tORAL": ("eoe.ppi",),
    "OMEPRAZOLE MAGNESIUM\t20.6\tmg/1\tTABLET, DELAYED RELEASE\tORAL": ("eoe.ppi",),
    "ASPIRIN; OMEPRAZOLE\t81; 40\tmg/1; mg/1\tTABLET, FILM COATED\tORAL": ("?eoe.ppi",),
    "PREDNISOLONE SODIUM PHOSPHATE\t15\tmg/5mL\tSOLUTION\tORAL": ("systemic_corticosteroid",),
    "PREDNISOLONE ACETATE\t10\tmg/mL\tSUSPENSION/ DROPS\tOPHTHALMIC": (),
    "METHYLPREDNISOLONE ACETATE\t40\tmg/mL\tINJECTION, SUSPENSION\tINTRA-ARTICULAR; INTRAMUSCULAR": (
        "?systemic_corticosteroid",
    ),
    "CORTISONE ACETATE\t30\t[hp_C]/1\tPELLET\tORAL": (),
    "RUXOLITINIB\t10\tmg/1\tTABLET\tORAL": ("immunomodulator.oral_jak",),
    "ADALIMUMAB-AATY\t40\tmg/.4mL\tINJECTION, SOLUTION\tSUBCUTANEOUS": ("immunomodulator.tnf",),
    "DUPILUMAB\t250\tmg/1.5mL\tINJECTION, SOLUTION\tSUBCUTANEOUS": ("?dupilumab",),
    "SODIUM CHLORIDE\t9\tmg/mL\tINJECTION, SOLUTION\tINTRAVENOUS": (),
    "METFORMIN HYDROCHLORIDE\t500\tmg/1\tTABLET, FILM COATED\tORAL": (),
    "ROFLUMILAST\t3\tmg/g\tCREAM\tTOPICAL": ("?ad.topical_pde4",),
    "ROFLUMILAST\t500\tug/1\tTABLET\tORAL": (),
}


@pytest.mark.parametrize("description", DECIDED)
def test_product_belongs_to_the_set_of_like_products(library: Library, description: str) -> None:
    deciding = library.terminology.lists.deciding  # type: ignore[union-attr]
    entries = deciding.entries("0", read_directory_product(description, deciding.words))
    got = tuple(sorted(f"{'?' * one.question}{one.value_set}" for one in entries))
    assert got == tuple(sorted(DECIDED[description]))
    assert all("why" in one.attributes for one in entries if one.question)


def test_a_strength_leads_to_what_is_known_of_the_product(library: Library) -> None:
    (entry,) = found(library, "0024-5918-01").values()
    assert (entry.attributes["dose_mg"], entry.attributes["volume_ml"]) == (200, 1.14)
    flovent = found(library, "0173-0719-20")["asthma.ics"]
    assert (flovent.attributes["ug_per_actuation"], flovent.attributes["actuations"]) == (110, 120)


def test_number_of_puffs_is_that_of_the_package(library: Library) -> None:
    packages = {"0173-0697-00": 60, "0173-0697-04": 14, "0173-0697": None}
    for code, puffs in packages.items():
        assert found(library, code)["asthma.ics"].attributes.get("actuations") == puffs


def test_a_sample_package_is_a_question(library: Library) -> None:
    directory = library.terminology.lists.directory  # type: ignore[union-attr]
    assert directory is not None
    asked = [found(library, f"{one:011d}") for one in sorted(directory.samples)]
    listed = {"dupilumab"}  # the set lists its packages itself
    held = [one for entries in asked for one in entries.values() if one.value_set not in listed]
    assert held
    assert all(one.question for one in held)


def test_metformin_is_surely_another_drug(library: Library) -> None:
    assert not found(library, METFORMIN)
    assert library.terminology.is_other(NDC, METFORMIN)
    assert library.terminology.is_other(NDC, f"N4{METFORMIN}")


@pytest.mark.parametrize("code", ["99999999999", "00024-9999-01", "12345678901"])
def test_an_ndc_of_no_directory_is_not_known(library: Library, code: str) -> None:
    assert not found(library, code)
    assert not library.terminology.is_other(NDC, code)


def test_no_product_of_another_substance_is_asked(library: Library) -> None:
    """A random 2,000 of the products whose substances no set is about; and a kit without substances."""
    lists = library.terminology.lists
    assert lists is not None
    assert lists.directory is not None
    products = list(lists.directory.products())
    chosen = random.Random(14)  # noqa: S311 - a sample, no secret
    seen = 0
    for product, description in chosen.sample(products, 6_000):
        listed = read_directory_product(description, lists.deciding.words)
        if not listed.parts:
            assert not library.terminology.is_other(NDC, product)
        elif not lists.deciding.ours(listed):
            seen += 1
            assert not found(library, product)
            assert library.terminology.is_other(NDC, product), description
        if seen == 2_000:
            return
    pytest.fail("too few products of other substances")


@pytest.mark.slow
def test_nine_of_ten_products_of_the_step_therapy_are_recognised(library: Library) -> None:
    """Every product that the classes of step therapy and of other immunomodulators are about by its route."""
    lists = library.terminology.lists
    assert lists is not None
    assert lists.directory is not None
    decided = asked = 0
    packages = Counter(description for _, description in lists.directory.products())
    for description, count in packages.items():
        listed = read_directory_product(description, lists.deciding.words)
        if len(listed.parts) > 3 or not (lists.deciding.ours(listed).keys() - {"ad.emollient"}):
            continue
        entries = [
            one for one in lists.deciding.entries("0", listed) if one.value_set != "ad.emollient"
        ]
        decided += count * any(not one.question for one in entries)
        asked += count * (bool(entries) and all(one.question for one in entries))
    assert decided > 3_000
    assert decided / (decided + asked) > 0.6


J_CODES: Mapping[str, bool] = {
    "J9035": True,  # bevacizumab
    "J1815": True,  # insulin
    "E0570": True,  # a nebulizer
    "J7525": True,  # tacrolimus by injection, which no set holds so
    "J3490": False,
    "J3590": False,
    "C9399": False,
    "J7999": False,
    "J8499": False,
    "J9999": False,
    "J7599": False,
    "S5000": False,
    "J0135": False,  # adalimumab
    "J7624": False,  # betamethasone to be inhaled, compounded: asked
    "J0000": False,  # of no list
    "J2356": False,  # newer than the list
}


@pytest.mark.parametrize(("code", "other"), J_CODES.items())
def test_a_billing_code_is_another_thing_if_its_list_says_so(
    library: Library, code: str, other: bool
) -> None:
    for system in (HCPCS, f"{HCPCS}/", "urn:oid:2.16.840.1.113883.6.285"):
        assert library.terminology.is_other(system, code) is other


@pytest.mark.parametrize("system", [None, RXNORM, "http://hl7.org/fhir/sid/icd-10-cm", "urn:local"])
def test_a_system_without_a_full_list_says_never(library: Library, system: str | None) -> None:
    for code in (METFORMIN, "J9035", "1876376", "L20.9", None):
        assert not library.terminology.is_other(system, code)


OTHERS = [
    "metformin hydrochloride 500 MG Oral Tablet",
    "METFORMIN HCL",
    "lisinopril",
    "Insulin glargine 100 UNT/ML Pen Injector",
    "amoxicillin 500 MG / clavulanate 125 MG Oral Tablet",
    "bevacizumab 25 MG/ML Injection",
    "ipratropium bromide 0.03 % Nasal Spray",
    "potassium chloride 20 MEQ Extended Release Oral Tablet",
    "prednisolone acetate 10 MG/ML Ophthalmic Suspension",
]
NOT_OTHERS = [
    "hydrocortisone 2.5 % / metformin",
    "cream",
    "tablet",
    "Relief",
    "steroid cream",
    "biologic",
    "compounded metformin cream",
    "study drug or metformin",
    "water",
    "sterile water for irrigation",
    "oxygen",
    "saline nasal rinse",
    "adalimumab 40 MG Topical Cream",
    "tirzepatide 5 MG",
    "vonoprazan 20 MG Oral Tablet",
    "metformin and newumab",
    "prednisone 10 mg for ophthalmic inflammation",
    "prednisone after nasal surgery",
    "dupilumab and metformin",
    "",
]


@pytest.mark.parametrize("text", OTHERS)
def test_words_that_name_another_substance(library: Library, text: str) -> None:
    assert library.terminology.names_other(text)


@pytest.mark.parametrize("text", NOT_OTHERS)
def test_words_that_leave_it_open(library: Library, text: str) -> None:
    assert not library.terminology.names_other(text)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("mometasone furoate 1 MG/ML Topical Cream [Elocon]", {"ad.tcs_medium_or_higher"}),
        ("mometasone furoate 0.05 MG/ACTUAT Nasal Spray", {"crs.incs"}),
        ("certolizumab pegol 200 MG/ML Prefilled Syringe", {"immunomodulator.tnf"}),
        ("tacrolimus 0.1 % ointment", {"ad.tci"}),
        ("tacrolimus 1 MG Oral Capsule", {"immunosuppressant.tacrolimus"}),
        ("metformin 500 MG Oral Tablet", set()),
    ],
)
def test_words_beside_a_code_that_no_set_lists_point_at_the_class(
    library: Library, words: str, expected: set[str]
) -> None:
    concept = {"coding": [{"system": RXNORM, "code": "9999999", "display": words}]}
    entries, told = library.terminology.spelled(concept, {})
    assert told
    assert {one.value_set for one in entries if not one.value_set.startswith("copd.")} == expected
    assert all(one.question for one in entries)
