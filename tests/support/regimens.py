"""What policies ask of dose and quantity of dupilumab: of an initial order, and of a renewal."""

from dataclasses import replace

from service.policy.amount import Span
from service.policy.operators import Regimen

ASKED = Regimen(
    of="dupilumab",
    phase="initial",
    weight="patient.weight",
    child_below=Span(months=216),
    weight_within_child=Span(days=90),
    weight_within_adult=Span(days=365),
)
RENEWAL = replace(ASKED, phase="renewal")
