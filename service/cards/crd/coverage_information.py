"""The extension coverage-information of Da Vinci CRD, as R4 JSON."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from service.cards.crd.crd_document import Codes, CrdDocument, CrdVersion
from service.cds.ids import derived_uuid
from service.json_object import Json

DATE, ID = "date", "coverage-assertion-id"


@dataclass(frozen=True, slots=True)
class CrdReason:
    """Why: a text, and the code of CRD where it has one."""

    says: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class CoverageInformation:
    """What is said of one order for one coverage.

    `about` is what the id is made of, beside the coverage: whatever tells this case from others, and its
    answer from other answers; neither the day nor the version of CRD.
    """

    coverage: str
    codes: Codes
    reasons: Sequence[CrdReason]
    day: date
    about: Sequence[str]
    questionnaires: Sequence[str] = ()
    number: str | None = None
    until: date | None = None
    payer: str | None = None
    contacts: Sequence[tuple[str, str]] = ()

    def extension(self, document: CrdDocument, version: CrdVersion, hook: str) -> Json:
        """The extension in one version of CRD."""
        left_out = document.left_out_at.get(hook, ())
        parts = [part for part in self._parts(document, version) if part["url"] not in left_out]
        own_id = _part(ID, "String", derived_uuid(orjson.dumps([self.coverage, self.about])))
        return {
            "extension": [*parts, _part(DATE, "Date", self.day.isoformat()), own_id],
            "url": document.url,
        }

    def _parts(self, document: CrdDocument, version: CrdVersion) -> Iterator[Json]:
        """Every part but the id and the day, which do not tell one answer from another."""
        codes = self.codes
        yield _part("coverage", "Reference", {"reference": self.coverage})
        yield _part("covered", "Code", codes.covered)
        if codes.pa_needed is not None:
            yield _part("pa-needed", "Code", codes.pa_needed)
        yield from _codes("doc-needed", codes.doc_needed)
        yield from _codes("doc-purpose", codes.doc_purpose)
        if document.info_needed_only_with in (codes.covered, codes.pa_needed, *codes.doc_needed):
            yield from _codes("info-needed", codes.info_needed)
        for reason in self.reasons:
            yield _part("reason", "CodeableConcept", _concept(reason, version))
        if codes.doc_needed and codes.form:
            for canonical in self.questionnaires:
                yield _part("questionnaire", "Canonical", canonical)
        if codes.pa_needed == document.satisfied and self.number is not None:
            yield _part("satisfied-pa-id", "String", self.number)
        yield from self._contact(version)
        if version.expiry_date and self.until is not None:
            yield _part("expiry-date", "Date", self.until.isoformat())

    def _contact(self, version: CrdVersion) -> Iterator[Json]:
        telecoms = [{"system": system, "value": value} for system, value in self.contacts]
        if not telecoms:
            return
        if version.contact == "ContactDetail":
            name = {"name": self.payer} if self.payer else {}
            yield _part("contact", "ContactDetail", {**name, "telecom": telecoms})
            return
        for telecom in telecoms:
            yield _part("contact", "ContactPoint", telecom)


def _codes(url: str, codes: Iterable[str]) -> Iterator[Json]:
    return (_part(url, "Code", code) for code in codes)


def _concept(reason: CrdReason, version: CrdVersion) -> Json:
    if reason.code is None:
        return {"text": reason.says}
    coding = {"system": version.reasons.system, "code": reason.code}
    return {"coding": [coding], "text": reason.says}


def _part(url: str, type_: str, value: object) -> Json:
    return {"url": url, f"value{type_}": value}
