"""A tried and failed therapy: the supply that claims show, and the outcome that is stated."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field

from service.library.operations import resolve_accepts, resolve_value_set
from service.library.reader import Address
from service.library.validate import validate_part
from service.policy.amount import WrittenSpan
from service.policy.criterion import Criterion, Op, repeated
from service.policy.operators import Operator, Outcome, Sessions, Supply, one_of

if TYPE_CHECKING:
    from service.library.criteria import Reader


class Trial(Operator):
    """`trial: …` as written; parts left out come from the policy's `trial` defaults."""

    of: str
    for_: WrittenSpan | None = Field(default=None, alias="for")
    ended_within: WrittenSpan
    accepts: str | None = None
    counted_by: str = "supply"
    always: str | None = None


def parse_trial(
    reader: "Reader", raw: Mapping[str, Any], at: Address, ids: tuple[str, ...]
) -> Criterion | None:
    """Both parts under the trial's id; statements supply the outcome, never the supply."""
    trial = validate_part(reader.document, (*at, "trial"), raw["trial"], Trial, reader.mistakes)
    if trial is None:
        return None
    of = (resolve_value_set(reader, trial.of, (*at, "trial", "of")),)
    id_, says, cite = str(raw.get("id")), str(raw.get("says")), str(raw.get("cite"))
    defaults = reader.policy.trial
    supply = Criterion(
        f"{id_}.supply",
        (defaults.sessions_says if trial.counted_by == "sessions" else defaults.supply_says).format(
            says=says
        ),
        cite,
        Op.LEAF,
        operator=one_of(_supply(reader, trial, of, at)),
    )
    outcome_id = f"{id_}.outcome"
    outcome = Criterion(
        outcome_id,
        defaults.outcome_says.format(says=says),
        cite,
        Op.LEAF,
        operator=one_of(Outcome(of=of, ids=tuple(dict.fromkeys((outcome_id, id_, *ids))))),
        asks=defaults.outcome_asks.format(says=says),
    )
    children = (supply, outcome)
    return Criterion(id_, says, cite, Op.ALL, children, repeated=repeated(children))


def _supply(reader: "Reader", trial: Trial, of: tuple[str, ...], at: Address) -> Operator:
    defaults = reader.policy.trial
    accepts = resolve_accepts(reader, trial.accepts or defaults.accepts, (*at, "trial", "accepts"))
    days = trial.for_ or defaults.for_
    if trial.counted_by == "sessions":
        return Sessions(
            of=of,
            first_to_last=days,
            ended_within=trial.ended_within,
            accepts=accepts,
            always="review" if trial.always else None,
        )
    return Supply(
        of=of,
        days=days,
        ended_within=trial.ended_within,
        look_back=defaults.look_back,
        gap=defaults.gap,
        accepts=accepts,
        also=defaults.also,
        always="review" if trial.always else None,
    )
