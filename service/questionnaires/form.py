"""One Questionnaire: its questions with their source, when each is shown, and the details of a trial."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.cards.wording import plain
from service.facts.statements.stated_values import bound_of, unit_of
from service.fhir.values.quantity import Unit
from service.json_object import Json
from service.library.library import Library
from service.policy.assessment import criteria_of_path
from service.policy.model import Policy
from service.questionnaires.answer_lists import (
    ENDED,
    drugs_of,
    expanded,
    reasons_of,
    resource_id,
)
from service.questionnaires.asked_questions import Asked, asked_questions, questions_of
from service.questionnaires.enable_when import Condition

CARD = "questionnaires"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"
# extensions of R4 itself, which names Questionnaire.item among the places for them
UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption"
UCUM = "http://unitsofmeasure.org"
DESIGN_NOTE = "http://hl7.org/fhir/StructureDefinition/designNote"


@dataclass(frozen=True)
class Form:
    """Makes the Questionnaire of one policy version, indication and path."""

    library: Library
    policy: Policy
    indication: str
    path: str

    @property
    def canonical(self) -> str:
        """The address of this questionnaire, without its version."""
        return self.policy.questionnaire(self.indication, self.path).split("|", 1)[0]

    @property
    def id(self) -> str:
        """The id under which this version of the questionnaire is served."""
        return resource_id(f"{self.name}-{self.policy.effective}")

    @property
    def id_of_any_version(self) -> str:
        """The id without the day of the version."""
        return resource_id(self.name)

    @property
    def name(self) -> str:
        """The last part of its address."""
        return self.canonical.rsplit("/", 1)[1]

    @property
    def question_ids(self) -> frozenset[str]:
        """The ids of its questions; details of a trial or a value are none."""
        return frozenset(one.criterion.id for one in questions_of(self._asked()))

    def questionnaire(self) -> Json:
        """The resource, with the lists to choose from inside."""
        policy, asked = self.policy, self._asked()
        title = self._say("title", indication=policy.indications[self.indication].title)
        period = {"start": policy.effective.isoformat()}
        if policy.until is not None:
            period["end"] = policy.until.isoformat()
        lists = self.value_sets()
        return {
            "resourceType": "Questionnaire",
            "id": self.id,
            "meta": {"profile": [SDC]},
            **({"contained": [expanded(one, policy.effective) for one in lists]} if lists else {}),
            "url": self.canonical,
            "version": policy.effective.isoformat(),
            "name": _computable(self.name),
            "title": title,
            "status": "active",
            "experimental": True,
            "subjectType": ["Patient"],
            "date": policy.effective.isoformat(),
            "description": self._say("description"),
            "effectivePeriod": period,
            "item": [self._item(one) for one in asked],
        }

    def value_sets(self) -> list[Json]:
        """The lists to choose from, as they are served by themselves."""
        classes = dict.fromkeys(one.classes for one in questions_of(self._asked()))
        lists = [self._drugs(each) for each in classes if each]
        return [*lists, reasons_of(self.library, self._say("reasons"))] if lists else []

    def _drugs(self, classes: tuple[str, ...]) -> Json:
        titles = (self.library.knowledge.titles.get(name, name) for name in classes)
        return drugs_of(self.library, classes, "; ".join(titles))

    def _asked(self) -> tuple[Asked, ...]:
        whole = criteria_of_path(self.policy, self.path, (self.indication,))
        return asked_questions(whole)

    def _say(self, name: str, **values: str) -> str:
        payer = self.library.payers.get(self.policy.payer)
        given = {
            "payer": payer.short if payer else self.policy.payer,
            "policy": self.policy.title,
            "document": self.policy.document,
            "effective": self.policy.effective.isoformat(),
            "path": self.path,
        }
        return plain(self.library.wording.own(CARD, name, **given, **values))

    def _item(self, asked: Asked) -> Json:
        criterion = asked.criterion
        kind = "group" if asked.parts else "boolean"
        text = criterion.says if asked.parts else criterion.asks or criterion.says
        inside = [self._item(one) for one in asked.parts] or list(self._details(asked))
        cited = self._say("cited", cite=criterion.cite) if criterion.cite else None
        return {
            **({"extension": [{"url": DESIGN_NOTE, "valueMarkdown": cited}]} if cited else {}),
            "linkId": criterion.id,
            **({"prefix": self._say("lines", cite=criterion.cite)} if cited else {}),
            "text": text,
            "type": kind,
            **_shown_when(asked.conditions),
            **({"item": inside} if inside else {}),
        }

    def _details(self, asked: Asked) -> Iterator[Json]:
        """What may be added to a yes: about the therapies that failed, or about a value."""
        if asked.classes:
            yield self._trial(asked)
        elif (bound := bound_of(asked.criterion)) is not None:
            yield from self._value(asked.criterion.id, unit_of(self.library.knowledge, bound))

    def _value(self, id_: str, unit: Unit | None) -> Iterator[Json]:
        """The value that passes the bound, in the unit of the bound, and its day."""
        if unit is None:
            return
        coding = {"system": UCUM, "code": next(iter(unit.codes)), "display": unit.word}
        in_unit = {"extension": [{"url": UNIT, "valueCoding": coding}]}
        yield {**in_unit, **self._detail(id_, "value", "quantity"), **_after_yes(id_)}
        yield {**self._detail(id_, "measured", "date"), **_after_yes(id_)}

    def _trial(self, asked: Asked) -> Json:
        """Each therapy that failed: which one, from when to when, why it ended."""
        id_ = asked.criterion.id
        drugs = self._drugs(asked.classes)["id"]
        about = [
            self._detail(id_, "drug", "choice", answerValueSet=f"#{drugs}"),
            self._detail(id_, "started", "date"),
            self._detail(id_, "ended", "date"),
            self._detail(id_, "why", "choice", answerValueSet=f"#{ENDED}"),
        ]
        group = self._detail(id_, "trial", "group", repeats=True)
        return {**group, **_after_yes(id_), "item": about}

    def _detail(self, id_: str, name: str, kind: str, **more: object) -> Json:
        return {"linkId": f"{id_}:{name}", "text": self._say(name), "type": kind, **more}


def _after_yes(id_: str) -> Json:
    return {"enableWhen": [{"question": id_, "operator": "=", "answerBoolean": True}]}


def _shown_when(conditions: Iterable[Condition]) -> Json:
    """The conditions as R4 writes them: an unanswered question holds nothing back."""
    written = [
        {"question": condition.id, "operator": "!=", "answerBoolean": condition.unless}
        for condition in conditions
    ]
    if not written:
        return {}
    behaviour = {"enableBehavior": "all"} if len(written) > 1 else {}
    return {"enableWhen": written, **behaviour}


def _computable(name: str) -> str:
    """A name for programs: a capital first, then letters, digits and underscores."""
    return "Q_" + "".join(sign if sign.isalnum() else "_" for sign in name)
