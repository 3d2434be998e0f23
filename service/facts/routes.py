"""The route of an order: one by which the drug is not given is a question."""

from service.facts.case import Case
from service.fhir.elements import objects

# The value set of such routes is named after the drug's.
OTHER = ".other_route"


def other_route(case: Case) -> str | None:
    """The first route of the order by which no product of the drug is given."""
    wrong = case.drug + OTHER
    for instruction in objects(case.order.resource.get("dosageInstruction")):
        for route in objects(instruction.get("route")):
            for entry in case.record.entries_of_concept(route):
                if entry.value_set == wrong:
                    return entry.display
    return None
