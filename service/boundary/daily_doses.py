"""Quantities of inhalers that make up a daily dose in a band of a dose table."""

from typing import NamedTuple

from service.boundary.boundary_patient import ADULT, Scene
from service.boundary.codes_of_sets import SetCode
from service.facts.knowledge import DoseLine
from service.json_object import Json

MOST_PUFFS = 12


class Puffs(NamedTuple):
    """How many actuations a day reach a band, and how many surely do not."""

    reaching: int
    below: int


def puffs_of(scene: Scene, code: SetCode, band: str, months: int = ADULT) -> Puffs | None:
    """The actuations a day on both sides of a band; None where the tables do not tell for the product."""
    strength = code.attributes.get("ug_per_actuation")
    if not isinstance(strength, int | float) or strength <= 0:
        return None
    line = _line(scene, code, band, months)
    if line is None:
        return None
    counts = range(1, MOST_PUFFS + 1)
    reaching = [count for count in counts if _reaches(line, strength * count)]
    below = [count for count in counts if strength * count < line.floor]
    if not reaching or not below:
        return None
    return Puffs(reaching[0], below[-1])


def _reaches(line: DoseLine, dose: float) -> bool:
    return dose > line.value if line.above else dose >= line.value


def _line(scene: Scene, code: SetCode, band: str, months: int) -> DoseLine | None:
    terminology = scene.library.terminology
    sets = [entry.value_set for entry in terminology.of_code(code.system, code.code)]
    tables = scene.library.knowledge.dose_tables
    table = next((tables[name] for name in sets if name in tables), None)
    return table.line(band, code.attributes, [months]) if table else None


def filled_at(
    scene: Scene, code: SetCode, band: str | None, days: int, *, below: bool = False
) -> Json:
    """The quantity of a fill that lasts so many days at a dose in the band, or below it."""
    if band is None:
        return {}
    puffs = puffs_of(scene, code, band)
    if puffs is None:
        return {}
    count = puffs.below if below else puffs.reaching
    return {"quantity": f"{count * days} {_unit(scene)}"}


def _unit(scene: Scene) -> str:
    """The UCUM code of an actuation."""
    unit = scene.library.knowledge.units["actuations"]
    return next(code for code, factor in unit.codes.items() if factor == 1)
