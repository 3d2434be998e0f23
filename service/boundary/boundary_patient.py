"""One policy, disease and path on one day, and the coherent patient from whom each boundary differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from service.boundary.codes_of_sets import CodesOfSets
from service.facts.case import days_back
from service.facts.fact import Band, Fact
from service.fhir.values.days import add_months
from service.json_object import Json
from service.library import Library
from service.policy.amount import Span
from service.policy.model import Criterion, Indication, Policy
from service.policy.truth import Reason, Truth

Path = Literal["initial", "renewal"]
HELD = "1900-01-01"
# Roughly the weight of a child of so many months, so that a weight suits its age; no criterion rests on it.
TYPICAL_WEIGHTS: tuple[tuple[int, int], ...] = (
    *((0, 4), (6, 8), (12, 10), (24, 12), (36, 14), (60, 18)),
    *((84, 23), (120, 33), (144, 42), (180, 56), (216, 66)),
)
ADULT = 36 * 12


class Variant(NamedTuple):
    """A patient for one criterion: what must come out, why, and what the patient is given."""

    criterion: str
    truth: Truth
    reason: Reason | None
    why: str
    given: Json
    expect: tuple[tuple[str, str], ...] = ()  # of the whole answer


def day_written(day: date) -> str:
    """A day as a case writes it."""
    return day.isoformat()


@dataclass(frozen=True)
class Scene:
    """What all patients of one disease and path share: policy, day, drug, codes."""

    library: Library
    codes: CodesOfSets
    policy: Policy
    indication: Indication
    path: Path
    today: date

    def ago(self, days: int) -> str:
        """The day so many days before today."""
        return day_written(self.today - timedelta(days=days))

    def back(self, span: Span, days_more: int = 0) -> str:
        """The first day of a window of that length that ends today, or so many days before it."""
        return day_written(date.fromordinal(days_back(self.today.toordinal(), span) - days_more))

    @property
    def disease(self) -> str:
        """The diagnosis, as plain as it can be coded."""
        coded = next(name for name in self.indication.conditions if self.codes.has(name))
        return self.codes.plain(coded, self.indication.title).word

    def back_months(self, months: int) -> str:
        """The day so many months before today."""
        return day_written(add_months(self.today, -months))

    def before(self, day: date, span: Span, days_more: int = 0) -> str:
        """The same for a window that ends on another day."""
        return day_written(date.fromordinal(days_back(day.toordinal(), span) - days_more))

    def fact(self, name: str) -> Fact:
        """A fact by its name."""
        return self.library.knowledge.facts[name]

    def sets(self, of: tuple[str, ...]) -> tuple[str, ...]:
        """Value sets that have codes."""
        return tuple(name for name in of if self.codes.has(name))

    @property
    def held(self) -> Json:
        """A client that has all data, so that finding nothing is a no where a fact says so."""
        return {f"{name}_held": HELD for name in ("claims", "dispenses", "authorizations")}

    def patient(self, months: int = ADULT, **more: Any) -> Json:
        """A patient of that age with the disease, its order at the labelled dose, and what else is given."""
        band = self.band(months)
        weight = self.weight(months, band)
        payer = self.library.payers[self.policy.payer]
        condition, labels = self.disease, self.library.knowledge.labels
        given: Json = {
            "age": f"{months} months",
            "policy": f"{self.policy.id}@{self.policy.effective}",
            "coverage": payer.name,
            "prescriber": None,
            "diagnoses": [{"is": condition}],
            "order": self.order(band, reason=condition),
            **({"weight": f"{weight:g} kg"} if self.policy.drug in labels else {}),
            "authorizations_held": HELD,
            "approvals": [],
        }
        if self.path == "renewal":
            given["approvals"] = [self.approval(self.ago(330))]
            if self.policy.renewal_after is not None:
                given["claims"] = self.on_drug()
        return {**given, **more}

    def approval(self, day: str) -> Json:
        """An approval of the drug by the payer."""
        payer = self.library.payers[self.policy.payer]
        return {"by": payer.name, "drug": self.product(), "on": day}

    def on_drug(self) -> list[Json]:
        """Fills of the drug since long enough for a renewal."""
        after = self.policy.renewal_after
        first = self.today - timedelta(days=330)
        if after is not None:
            first = min(first, date.fromisoformat(self.back(after, 30)))
        days = (self.today - first).days
        return [{"drug": self.product(), "days": days + 5, "on": day_written(first)}]

    def product(self, unit_mg: float | None = None) -> str:
        """A product of the drug, of that strength if one is known."""
        products = list(self.codes.all_of(self.policy.drug))
        devices = [code for code in products if code.attributes.get("dose_mg")]
        of_strength = [code for code in devices if code.attributes["dose_mg"] == unit_mg]
        return (of_strength or devices or products)[0].word

    @property
    def bands(self) -> tuple[Band, ...]:
        """The labelled doses of the disease."""
        rows = self.library.knowledge.regimens.get(self.policy.drug, ())
        return tuple(
            row
            for row in rows
            if row.indication == self.indication.id and row.dose_mg and not row.only_with
        )

    def band(self, months: int, weight: float | None = None) -> Band | None:
        """The labelled dose of an age, and of a weight; the nearest age if the label has none."""
        rows = [row for row in self.bands if not row.general] or list(self.bands)
        of_age = [row for row in rows if fits_age(row, months)]
        if weight is not None:
            return next((row for row in of_age if fits_weight(row, weight)), None)
        near = TYPICAL_WEIGHTS[0][1] if not of_age else typical_weight(months)
        fitting = [row for row in of_age if fits_weight(row, near)] or of_age
        return min(fitting or rows, key=lambda row: row.age_from, default=None)

    def weight(self, months: int, band: Band | None) -> float:
        """A weight in kg that suits an age, and the band of the dose."""
        usual = typical_weight(months)
        if band is None or fits_weight(band, usual):
            return usual
        return band.weight_from if band.weight_from > usual else (band.weight_below or usual) - 1

    def order(self, band: Band | None, **more: Any) -> Json:
        """The draft order at the labelled dose, without a loading dose at renewal."""
        if band is None or band.dose_mg is None:
            empty = dict.fromkeys(("loading", "dose", "every", "quantity", "lasts"))
            return {"drug": self.product(), **empty, **more}
        initial = self.path == "initial"
        units = band.units_first_28_days if initial else band.units_per_28_days
        return {
            "drug": self.product(band.unit_mg),
            "loading": f"{band.loading_mg:g} mg" if band.loading_mg and initial else None,
            "dose": f"{band.dose_mg:g} mg",
            "every": f"{band.interval_days:g} days",
            "quantity": f"{units * (band.unit_mg or 0):g} mg",
            "lasts": "28 days",
            **more,
        }

    def stated(self, criterion: str, word: str) -> Json:
        """The prescriber's answer to a criterion."""
        return {word: [criterion], "about": self.indication.id, "path": self.path}

    def trees(self) -> Iterator[Criterion]:
        """What is asked on this path: the disease's own criteria, and those of all diseases."""
        own = self.indication.initial if self.path == "initial" else self.indication.renewal
        if own is not None:
            yield own
        yield from self.policy.common(self.path)


def typical_weight(months: int) -> float:
    """Roughly the weight at an age, in kg."""
    if months >= 18 * 12:
        return 75
    return next(weight for age, weight in reversed(TYPICAL_WEIGHTS) if months >= age)


def fits_age(band: Band, months: int) -> bool:
    """Whether a labelled dose is for that age."""
    return band.age_from <= months and (band.age_below is None or months < band.age_below)


def fits_weight(band: Band, weight: float) -> bool:
    """Whether a labelled dose is for that weight in kg."""
    return band.weight_from <= weight and (band.weight_below is None or weight < band.weight_below)


def judging_day(policy: Policy) -> date:
    """A day on which a version is in force, on which months and days are counted without doubt."""
    day = (add_months(policy.effective, 12)).replace(day=20)
    if policy.until is not None and policy.until < day:
        day = policy.until
    return day if day.day <= 28 else day.replace(day=28)  # noqa: PLR2004 - every month has a 28th
