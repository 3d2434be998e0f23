"""Words of a small directory of drugs, and value sets of its products, for tests of single lists."""

from service.fhir.terminology.drugs import DoseForm, DrugWords, Entry, Substance
from service.fhir.terminology.product_sets import DrugSet, ProductSets, drug_sets

WORDS = DrugWords(
    why="which product it is, is a question",
    why_sample="a sample",
    routes={"ORAL": "oral", "SUBCUTANEOUS": "injection", "TOPICAL": "topical", "NASAL": "nasal"},
    together={"NASAL; RESPIRATORY": "inhalation"},
    inhaled=frozenset({"AEROSOL, METERED"}),
    forms=(
        DoseForm("Oral Tablet", "oral", frozenset({"TABLET", "TABLET, COATED"})),
        DoseForm("Prefilled Syringe", "injection", frozenset({"INJECTION, SOLUTION"})),
        DoseForm("Topical Cream", "topical", frozenset({"CREAM"})),
    ),
    salts=frozenset({"sodium", "anhydrous", "citrate"}),
    substances={"lobarin furoate": Substance("lobarin", {}, 1.25)},
    milligrams={"mg": 1.0, "g": 1000.0, "ug": 0.001},
    millilitres={"mL": 1.0, "L": 1000.0},
    dilutions=("[hp_",),
    said={"topical": frozenset({"cream"}), "oral": frozenset({"tablet"})},
    no_name=frozenset({"pack"}),
    doubtful_classes=frozenset({"biologic"}),
    doubtful_in_texts=frozenset({"study"}),
    doubtful_ends=("mab",),
    unnamed=("unspecified",),
    unnamed_of=frozenset({"drug"}),
    no_drugs=frozenset(),
)


def line(value_set: str, display: str, form: str | None = None, **attributes: object) -> Entry:
    """A line of a value set; without a form it is an ingredient."""
    known = {**({"form": form} if form else {}), **attributes}
    return Entry(value_set, display, display, known)


LINES = {
    "tablets": [
        line("tablets", "lobarin"),
        line("tablets", "lobarin 10 MG Oral Tablet", "Oral Tablet", dose_mg=10),
        line("tablets", "lobarin 20 MG Oral Tablet", "Oral Tablet", dose_mg=20),
    ],
    "creams": [
        line("creams", "lobarin"),
        line("creams", "lobarin 10 MG/ML Topical Cream", "Topical Cream", potency="high"),
    ],
    "syringes": [
        line("syringes", "2 ML veltumab 150 MG/ML Prefilled Syringe", "Prefilled Syringe"),
        line("syringes", "1 ML veltumab 150 MG/ML Prefilled Syringe", "Prefilled Syringe"),
    ],
}


def sets(*any_strength: str) -> tuple[DrugSet, ...]:
    """The value sets; those of `any_strength` hold a product whatever its strength."""
    members = {"syringes": ["veltumab"]}
    return tuple(drug_sets(LINES, members, frozenset(any_strength), WORDS))


def product_sets(*any_strength: str) -> ProductSets:
    """The same, to be asked for products of the directory."""
    return ProductSets(WORDS, sets(*any_strength))
