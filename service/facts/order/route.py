"""The route of an order: one by which the drug is not given is a question; so is such a method or site."""

from service.facts.case import Case
from service.fhir.elements import names, objects

# The value set of such routes is named after the drug's.
OTHER = ".other_route"


SAID_BY = ("route", "method", "site")


def other_route(case: Case) -> str | None:
    """The first route, method or site of the order by which no product of the drug is given."""
    wrong = case.drug + OTHER
    for instruction in objects(case.order.resource.get("dosageInstruction")):
        for where, said in (
            (name, one) for name in SAID_BY for one in objects(instruction.get(name))
        ):
            for entry in case.record.entries_of_concept(said):
                if entry.value_set == wrong:
                    return entry.display
            if case.knowledge.pointing.any_of(names(said), (wrong,)):
                return f"by the words of its {where}"
    return None
