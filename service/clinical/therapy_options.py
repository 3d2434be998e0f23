"""Judges therapies for one patient: options with their dose, and those ruled out with the reason."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

from service.clinical.applicable_situations import NeededStep, needed_steps
from service.clinical.orders.new_orders import medication_order, service_order, service_orders
from service.clinical.suggestions import Offer, Option, RuledOut, Tests
from service.clinical.therapies_and_pathways import (
    Caution,
    Check,
    Situation,
    Step,
    Therapy,
    TherapyDose,
)
from service.clinical.therapy_history import TherapyHistory, class_stopped, history
from service.facts.case import Case, dated, evidence
from service.facts.met_by_record import asks_lists, is_shown
from service.json_object import Json
from service.policy.finding import Remark, remark
from service.policy.judge import judge
from service.policy.judged_criterion import Judged, nodes
from service.policy.model import Criterion
from service.policy.operators import Recorded
from service.policy.truth import Reason, Truth

CautionOrCheck = TypeVar("CautionOrCheck", Caution, Check)


# Texts of cards/alternatives.yaml.
IN_USE = remark("alternatives.now")
DRAFTED = remark("alternatives.drafted")
USED_BEFORE = remark("alternatives.before")
USED_BEFORE_FIRST = remark("alternatives.before_first")
ALLERGY_DOUBT = remark("alternatives.allergy_doubt")
WHY_STOPPED = remark("alternatives.why_stopped")
AT_RISK = remark("alternatives.risk")
MOST_PROBLEMS = 2


class Risks(NamedTuple):
    """The risks of a therapy for this patient; `out` is why it is ruled out, `lowered` why it ranks lower.

    `ask` is what must be asked first; `open` means that a risk that rules it out is unknown,
    `doubts` are problems that may be a risk and are not clear.
    """

    out: str | None
    lowered: str | None
    warned: tuple[str, ...]
    not_ordered: bool
    ask: tuple[str, ...]
    open: bool
    doubts: tuple[Remark, ...]


class ChosenDose(NamedTuple):
    """The dose for this patient, or what must be known to choose one; both empty if no dose fits."""

    dose: TherapyDose | None = None
    missing: tuple[str | Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class TherapyJudge:
    """Judges therapies for one indication."""

    case: Case
    indication: str
    in_use: Mapping[str, str] = field(default_factory=dict)  # by class: which drug of it is in use

    def judge(self, step: NeededStep, therapy: Therapy) -> Option | RuledOut:
        """A therapy as an option, or ruled out."""
        past = history(self.case, therapy.taken) if therapy.taken else TherapyHistory()
        if past.against:
            return RuledOut(therapy, past.against)
        if past.now or past.drafted:
            status = IN_USE if past.now else DRAFTED
            recorded = self._risks_recorded(therapy)
            why = remark("several", items=(status, *(risk.when.says for risk in recorded)))
            return RuledOut(therapy, why, tuple(risk.cite for risk in recorded))
        if therapy.taken and (other := self.in_use.get(therapy.taken.value_set)):
            return RuledOut(therapy, remark("alternatives.beside", other=other))
        limits = [self._judged(limit) for limit in therapy.uses[self.indication].limits]
        outside = next((limit for limit in limits if limit.truth is Truth.NOT_MET), None)
        if outside:
            return RuledOut(therapy, remark("alternatives.label", limit=outside.criterion.says))
        risks = self._risks(therapy.avoid)
        if risks.out:
            return RuledOut(therapy, risks.out, risks.warned)
        return self._option(step, therapy, limits, risks)

    def _risks_recorded(self, therapy: Therapy) -> list[Caution]:
        """The recorded risks of a therapy that is in use or drafted in spite of them."""
        grave = (caution for caution in therapy.avoid if caution.effect != "lowers")
        return [caution for caution in grave if self._truth(caution.when) is Truth.MET]

    def _judged(self, criterion: Criterion) -> Judged:
        return judge(criterion, self.case.ask)

    def _truth(self, criterion: Criterion) -> Truth:
        """The truth of a criterion; lists count like pharmacy records: a risk must not wait for claims."""
        truth = self._judged(criterion).truth
        is_listed = (
            truth is Truth.UNKNOWN and asks_lists(criterion) and is_shown(self.case, criterion)
        )
        return Truth.MET if is_listed else truth

    def _risks(self, cautions: Sequence[Caution]) -> Risks:
        judged = [(caution, self._truth(caution.when)) for caution in cautions]
        met = [caution for caution, truth in judged if truth is Truth.MET]
        unknown = [caution for caution, truth in judged if truth is Truth.UNKNOWN]
        out = next((caution for caution in met if caution.effect == "rules_out"), None)
        # Every risk is named; those that prevent an order come first.
        behind = sorted(met, key=lambda caution: caution.effect != "not_ordered")
        lowers = [caution for caution in behind if caution.effect != "rules_out"]
        return Risks(
            out.when.says if out else None,
            "; ".join(dict.fromkeys(caution.when.says for caution in lowers)) or None,
            tuple(caution.cite for caution in ([out] if out else lowers)),
            any(caution.effect == "not_ordered" for caution in met),
            tuple(
                caution.when.short or caution.when.says
                for caution in for_recorded_gender(self.case, unknown)
                if caution.ask
            ),
            any(caution.effect == "rules_out" for caution in unknown),
            tuple(self._unclear(unknown)),
        )

    def _unclear(self, cautions: Iterable[Caution]) -> Iterator[Remark]:
        """What to look at on the problem list before an order: problems that may be a grave risk."""
        grave = (self._judged(caution.when) for caution in cautions if caution.effect != "lowers")
        leaves = (node for judged in grave for node in nodes(judged) if not node.children)
        entries = tuple(
            dated(proof)
            for leaf in leaves
            if leaf.finding.reason is Reason.REVIEW and self._asks_problems(leaf.criterion)
            for proof in leaf.finding.evidence
        )
        if entries:
            listed = remark("listing", items=tuple(dict.fromkeys(entries))[:MOST_PROBLEMS])
            yield remark("alternatives.problem_doubt", entries=listed)

    def _asks_problems(self, criterion: Criterion) -> bool:
        asked, facts = criterion.operator, self.case.knowledge.facts
        return isinstance(asked, Recorded) and any(
            facts[name].kind == "diagnosis" for name in asked.fact
        )

    def _option(
        self, needed: NeededStep, therapy: Therapy, limits: Sequence[Judged], risks: Risks
    ) -> Option:
        step, use = needed.step, therapy.uses[self.indication]
        dosed = self._dosed(use.doses, [limit for limit in limits if limit.truth is Truth.UNKNOWN])
        past = history(self.case, therapy.taken) if therapy.taken else TherapyHistory()
        lapsed = past.before and not therapy.goes_on
        missing = (*dosed.missing, *self._doubts(therapy, past), *risks.doubts)
        first = (
            *missing,
            *((USED_BEFORE_FIRST,) if lapsed and not step.missing else ()),
        )
        not_ordered = self._held(step, first, not_ordered=risks.not_ordered)
        return Option(
            therapy=therapy,
            use=use,
            truth=Truth.UNKNOWN if missing or risks.open else Truth.MET,
            why=self._why(needed, therapy),
            behind=step.behind,
            lowered=risks.lowered or (USED_BEFORE if lapsed else None),
            first=tuple(
                dict.fromkeys((*risks.ask, *_named(for_recorded_gender(self.case, therapy.checks))))
            ),
            dose=dosed.dose.says if dosed.dose else None,
            not_ordered=not_ordered,
            order=None if not_ordered else self._order(therapy, dosed.dose),
            closes=step.missing is not None,
            warned=risks.warned,
        )

    def _doubts(self, therapy: Therapy, past: TherapyHistory) -> Iterator[Remark]:
        """What the record may hold against a therapy and does not say clearly."""
        if past.doubtful:
            yield ALLERGY_DOUBT
        if past.unread_stop:
            yield WHY_STOPPED
        if past.harmed:
            shown = dated(evidence(self.case, past.harmed.hit, past.harmed.words))
            yield remark("alternatives.harm_doubt", entry=shown)
        # what is warned of in a box is of the class
        if therapy.taken and therapy.boxed_warning:
            other = class_stopped(self.case, therapy.taken)
            if other is not None:
                yield remark("alternatives.class_stopped", other=other)

    def _held(
        self, step: Step, missing: Sequence[str | Remark], *, not_ordered: bool
    ) -> Remark | None:
        """Why no order is proposed: a risk, what must come first, or what is not known; None if one is."""
        if not_ordered:
            return AT_RISK
        if step.waits_for:
            return remark("alternatives.waits", waits_for=step.waits_for)
        return _needed(missing)

    def _order(self, therapy: Therapy, dose: TherapyDose | None) -> Json | None:
        if dose is None or dose.order is None:
            return None
        if therapy.kind == "drug":
            return medication_order(self.case, dose.order, self.indication)
        return service_order(self.case, dose.order.code) if therapy.kind == "procedure" else None

    def _why(self, needed: NeededStep, therapy: Therapy) -> str | Remark:
        reasons = (
            criterion.says
            for criterion in therapy.prefer
            if self._judged(criterion).truth is Truth.MET
        )
        preferred, why = next(reasons, None), needed.step.why
        reason = f"{why}; {preferred}" if preferred and preferred not in why else why
        if needed.miss is None:
            return reason
        return remark("alternatives.missing", why=reason, miss=needed.miss)

    def _dosed(self, doses: Sequence[TherapyDose], open_limits: Sequence[Judged]) -> ChosenDose:
        """The first dose that fits; none if a limit or the condition of an earlier dose is unknown.

        A dose with `only_if_shown` is skipped if the record shows nothing of its condition.
        """
        if open_limits:
            return ChosenDose(missing=_open(open_limits))
        for dose in doses:
            if dose.when is None:
                return ChosenDose(dose)
            judged = self._judged(dose.when)
            if self._truth(dose.when) is Truth.MET:
                return ChosenDose(dose)
            nothing_shown = judged.finding.reason is Reason.NOT_FOUND or asks_lists(dose.when)
            if judged.truth is Truth.UNKNOWN and not (dose.only_if_shown and nothing_shown):
                return ChosenDose(missing=_open([judged]))
        return ChosenDose()


def _needed(missing: Sequence[str | Remark]) -> Remark | None:
    """A remark on what must be known first, each item once; None if nothing is missing."""
    if not missing:
        return None
    needed = remark("listing", items=tuple(dict.fromkeys(missing)))
    return remark("alternatives.needed", needed=needed)


def _named(checks: Iterable[Check]) -> Iterator[str]:
    return (check.short or check.says for check in checks)


def _open(trees: Sequence[Judged]) -> tuple[str, ...]:
    """The short names of the unknown leaves."""
    leaves = [node for tree in trees for node in nodes(tree) if not node.children]
    return tuple(
        leaf.criterion.short or leaf.criterion.says
        for leaf in leaves
        if leaf.truth is Truth.UNKNOWN
    )


def for_recorded_gender(case: Case, those: Iterable[CautionOrCheck]) -> list[CautionOrCheck]:
    """The cautions or checks for this patient, without those that are not for the recorded gender."""
    patients = case.record.resources.get("Patient", [])
    gender = patients[0].get("gender") if patients else None
    return [item for item in those if item.not_for is None or item.not_for != gender]


MOST_OPTIONS = 5


def offer(
    case: Case,
    situation: Situation,
    indication: str,
    therapies: Mapping[str, Therapy],
    stated: frozenset[str] = frozenset(),
) -> Offer:
    """The options in the pathway's order, lowered ones last, and what is ruled out.

    Classes that are `stated` as tried or as ruled out are not missing.
    """
    steps = needed_steps(case, situation, stated)
    named = [therapies[step.step.therapy] for step in steps]
    therapy_judge = TherapyJudge(case, indication, _in_use(case, named))
    pairs = zip(steps, named, strict=True)
    judged = [therapy_judge.judge(step, therapy) for step, therapy in pairs]
    fit = [option for option in judged if isinstance(option, Option)]
    ranked = sorted(fit, key=lambda option: (not option.closes, bool(option.lowered)))
    options = tuple(ranked[:MOST_OPTIONS])
    out = tuple(therapy for therapy in judged if isinstance(therapy, RuledOut))
    cut = ((option.therapy, option.lowered, option.warned) for option in ranked[MOST_OPTIONS:])
    further = tuple(RuledOut(therapy, why, warned) for therapy, why, warned in cut if why)
    return Offer(situation, options, out, further, tuple(_tests(case, options)))


def _in_use(case: Case, named: Iterable[Therapy]) -> dict[str, str]:
    """The name of the drug in use by the value set of its class: no second one of a class is proposed."""
    drugs = (therapy for therapy in named if therapy.kind == "drug" and therapy.taken)
    return {
        therapy.taken.value_set: therapy.name
        for therapy in drugs
        if therapy.taken and history(case, therapy.taken).now
    }


def _tests(case: Case, options: Iterable[Option]) -> Iterable[Tests]:
    """Baseline tests of the options with an order; therapies that need the same tests share one entry."""
    grouped: dict[tuple[str, ...], Tests] = {}
    for option in options:
        checks = tuple(
            check for check in for_recorded_gender(case, option.therapy.checks) if check.order
        )
        if not checks or option.order is None:
            continue
        codes = [check.order for check in checks if check.order]
        group = tuple(sorted(code.code for code in codes))
        tests = grouped.get(group) or Tests((), checks, service_orders(case, codes))
        grouped[group] = replace(tests, names=(*tests.names, option.therapy.name))
    return grouped.values()
