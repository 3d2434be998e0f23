"""Reads `trial`: a therapy's supply, which claims show, and its outcome, which the prescriber states."""

from collections.abc import Mapping
from typing import Any

from service.library.criteria.heading import too_long_for_card
from service.library.criteria.scope import CriterionReader
from service.library.criteria.spans import wrong_spans
from service.library.criteria.supply_reader import resolve_accepts, resolve_value_set
from service.library.documents.validate import validate_part
from service.library.documents.yaml import Address
from service.library.shapes.operator_shapes import CLASSES, TrialShape
from service.policy.model import Criterion, Op, repeated
from service.policy.operators import Operator, Sessions, Supply, TrialOutcome


def parse_trial(
    reader: CriterionReader, raw: Mapping[str, Any], address: Address, ids: tuple[str, ...]
) -> Criterion | None:
    """The trial's supply and outcome as two criteria; a statement can answer the outcome only."""
    address = (*address, "trial")
    trial = validate_part(reader.document, address, raw["trial"], TrialShape, reader.mistakes)
    if trial is None:
        return None
    if trial.counted_by == "sessions" and (trial.unbroken or trial.otherwise):
        reader.note(address, "'unbroken' and 'otherwise' are for supply, not for sessions")
    if trial.on_card and (message := too_long_for_card(trial.on_card)):
        reader.note((*address, "on_card"), message)
    for where, message in wrong_spans(raw["trial"], trial):
        reader.note((*address, *where), message)
    of = (resolve_value_set(reader, trial.of, CLASSES, (*address, "of")),)
    id_, says, cite = str(raw.get("id")), str(raw.get("says")), str(raw.get("cite"))
    for part in ("supply", "outcome"):
        reader.claim(f"{id_}.{part}", address)
    children = (
        _supply(reader, trial, of, address, (id_, says, cite)),
        _outcome(reader, trial, of, ids, (id_, says, cite)),
    )
    return Criterion(id_, says, cite, Op.ALL, children, repeated=repeated(children))


def _outcome(
    reader: CriterionReader,
    trial: TrialShape,
    of: tuple[str, ...],
    ids: tuple[str, ...],
    about: tuple[str, str, str],
) -> Criterion:
    id_, says, cite = about
    defaults = reader.policy.trial
    outcome_id = f"{id_}.outcome"
    return Criterion(
        outcome_id,
        (trial.outcome_says or defaults.outcome_says).format(says=says),
        cite,
        Op.LEAF,
        operator=TrialOutcome(of=of, ids=tuple(dict.fromkeys((outcome_id, id_, *ids)))),
        asks=(trial.outcome_asks or defaults.outcome_asks).format(says=says),
    )


def _supply(
    reader: CriterionReader,
    trial: TrialShape,
    of: tuple[str, ...],
    address: Address,
    about: tuple[str, str, str],
) -> Criterion:
    id_, says, cite = about
    defaults = reader.policy.trial
    by_sessions = trial.counted_by == "sessions"
    worded = defaults.sessions_says if by_sessions else defaults.supply_says
    accepts = (
        resolve_accepts(reader, trial.accepts, (*address, "accepts")) if trial.accepts else None
    )
    if accepts is None:
        accepts = reader.policy.accepts.get(defaults.accepts, ())
    build = _sessions if by_sessions else _covered
    operator = build(reader, trial, of, accepts)
    return Criterion(
        f"{id_}.supply",
        worded.format(says=says),
        cite,
        Op.LEAF,
        operator=operator,
        on_card=trial.on_card or says,
    )


def _sessions(
    reader: CriterionReader, trial: TrialShape, of: tuple[str, ...], accepts: tuple[str, ...]
) -> Operator:
    return Sessions(
        of=of,
        first_to_last=trial.for_ or reader.policy.trial.for_,
        ended_within=trial.ended_within or reader.policy.trial.look_back,
        accepts=accepts,
        always=trial.always,
    )


def _covered(
    reader: CriterionReader, trial: TrialShape, of: tuple[str, ...], accepts: tuple[str, ...]
) -> Operator:
    defaults = reader.policy.trial
    length = trial.for_ or defaults.for_
    summed = not trial.unbroken
    return Supply(
        of=of,
        ended_within=trial.ended_within,
        look_back=defaults.look_back,
        accepts=accepts,
        always=trial.always,
        otherwise=trial.otherwise,
        longest=length if trial.unbroken else None,
        days=length if summed else None,
        gap=defaults.gap if summed else None,
        also=defaults.also if summed else (),
    )
