"""Whether what a therapy orders is that therapy: its code stands in the value set that finds it."""

from service.library.clinical.part import ClinicalReader
from service.library.documents.yaml import Address
from service.library.shapes import ValueSetShape
from service.library.shapes.clinical import CodingShape, TherapyShape


def check_orders(reader: ClinicalReader, shape: TherapyShape) -> None:
    """Codes of tests and procedures are free; the code of a drug is one of its own value set."""
    if shape.kind == "drug" and shape.taken is None:
        message = (
            "'taken' is missing: the value set and ingredients by which a record tells this drug"
        )
        reader.note(("kind",), message)
    for name, use in shape.indications.items():
        for index, dose in enumerate(use.doses):
            address: Address = ("indications", name, "doses", index, "order")
            if dose.order and shape.kind == "advice":
                reader.note(address, "an advice orders nothing; 'kind' is drug or procedure")
            elif dose.order and shape.kind == "drug":
                _check_code(reader, shape, dose.order.code, (*address, "code"))
    seen: set[str] = set()
    for index, check in enumerate(shape.checks):
        if check.id in seen:
            reader.note(("checks", index, "id"), f"the check '{check.id}' stands twice")
        seen.add(check.id)


def _check_code(reader: ClinicalReader, shape: TherapyShape, code: CodingShape, address: Address) -> None:
    """No nearest code is named: digits that look alike are another product."""
    taken = shape.taken
    known = reader.names.value_sets.get(taken.value_set) if taken else None
    if taken is None or known is None:
        return
    ingredients = _ingredients(known, code)
    if not ingredients:
        message = f"the code '{code.code}' of {code.system} does not stand in '{taken.value_set}'"
        reader.note((*address, "code"), message)
    elif taken.ingredients and not ingredients & set(taken.ingredients):
        there, own = ", ".join(sorted(ingredients)), ", ".join(taken.ingredients)
        message = f"the code '{code.code}' is {there} in '{taken.value_set}'; this therapy is {own}"
        reader.note((*address, "code"), message)


def _ingredients(known: ValueSetShape, code: CodingShape) -> set[str]:
    lines = known.codes.get(code.system, ())
    return {line.ingredient or "without ingredient" for line in lines if line.code == code.code}
