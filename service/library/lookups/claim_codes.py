"""The codes of a request for prior authorization, in the form in which requests are made."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.json_object import Json
from service.library.shapes.claim_code_shapes import CitedCodeShape, ClaimCodesShape


@dataclass(frozen=True)
class ListedCode:
    """One code of a list."""

    system: str
    code: str
    display: str | None

    def concept(self) -> Json:
        """The code as a FHIR CodeableConcept."""
        coding = {"system": self.system, "code": self.code, "display": self.display}
        return {"coding": [{name: value for name, value in coding.items() if value}]}


@dataclass(frozen=True)
class ClaimCodes:
    """The codes of a Claim by Da Vinci PAS; `reports` by resource type, `any` for all others.

    `products` and `diagnoses` are the code systems that the guide allows there; `direct` are the
    types that supporting information may refer to in PAS 2.2; `prescriber_number` is the system of
    a prescriber's identifier and what it is called.
    """

    claim_type: ListedCode
    priority: ListedCode
    request_type: ListedCode
    certification: Mapping[str, ListedCode]
    category: ListedCode
    information: ListedCode
    reports: Mapping[str, ListedCode]
    products: tuple[str, ...]
    diagnoses: tuple[str, ...]
    prescriber_number: tuple[str, str]
    direct: tuple[str, ...]

    def report(self, type_: str) -> Json:
        """What kind of report a resource of a type is."""
        return self.reports.get(type_, self.reports["any"]).concept()


def build_claim_codes(shape: ClaimCodesShape) -> ClaimCodes:
    """The codes without their sources."""
    return ClaimCodes(
        _coded(shape.claim_type),
        _coded(shape.priority),
        _coded(shape.request_type),
        {path: _coded(code) for path, code in shape.certification.items()},
        _coded(shape.category),
        _coded(shape.information),
        {type_: _coded(code) for type_, code in shape.reports.items()},
        shape.products,
        shape.diagnoses,
        (shape.prescriber_number.system, shape.prescriber_number.says),
        shape.direct,
    )


def _coded(shape: CitedCodeShape) -> ListedCode:
    return ListedCode(shape.system, shape.code, shape.display)
