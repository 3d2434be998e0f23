"""The head of the letter: to whom, for whom, by whom, and what is ordered."""

from collections.abc import Iterator

from service.fhir.elements import objects, text, type_and_id
from service.fhir.values.human_name import name_of
from service.json_object import Json
from service.packet.case_to_send import CaseToSend, diagnosis_of
from service.packet.entry_numbers import EntryNumbers
from service.packet.letter_parts import Sentence
from service.packet.packet_words import PacketWords, shown_whole


def facts_of(
    case: CaseToSend, words: PacketWords, numbers: EntryNumbers, record: str
) -> Iterator[Sentence]:
    """The facts with the entries that hold them; `record` is what the clinical record is called."""

    def fact(name: str, shown: str, *holders: Json | None) -> Sentence:
        keys = (type_and_id(holder) for holder in holders if holder)
        entries = numbers.all((key, record, "") for key in keys if key)
        return Sentence(shown_whole(shown) or words.say("unnamed"), entries, words.say(name))

    policy, order, patient, coverage = case.policy, case.order, case.patient, case.coverage
    yield fact("to", case.payer_name)
    yield fact(
        "policy",
        words.say(
            "policy_version",
            policy=policy.title,
            document=policy.document,
            effective=policy.effective.isoformat(),
        ),
    )
    born = words.say(
        "born", name=shown_whole(name_of(patient)), day=text(patient.get("birthDate")) or ""
    )
    yield fact("member", born, patient)
    yield fact("member_id", text(coverage.get("subscriberId")) or "", coverage)
    yield fact("prescriber", _prescriber(case, words), case.prescriber)
    yield fact("ordered", case.case.order.label, order)
    yield fact("dose", "; ".join(_doses(order)), order)
    yield fact("diagnosis", "; ".join(diagnosis_of(order)), order)
    yield fact("kind", words.say(f"kind_{case.assessment.path}"))
    yield from _earlier(case, words, numbers, record)
    yield fact("as_of", case.case.day.isoformat())


def _prescriber(case: CaseToSend, words: PacketWords) -> str:
    prescriber = case.prescriber or {}
    name = shown_whole(name_of(prescriber))
    codes = case.library.claim_codes
    if codes is None:
        return name
    system, called = codes.prescriber_number
    numbers = (
        text(one.get("value"))
        for one in objects(prescriber.get("identifier"))
        if one.get("system") == system
    )
    number = next((one for one in numbers if one), None)
    return words.say("with_number", name=name, system=called, number=number) if number else name


def _doses(order: Json) -> Iterator[str]:
    for instruction in objects(order.get("dosageInstruction")):
        written = text(instruction.get("text"))
        if written:
            yield written


def _earlier(
    case: CaseToSend, words: PacketWords, numbers: EntryNumbers, record: str
) -> Iterator[Sentence]:
    """The number of the authorization that runs, or of this payer's last approval."""
    running, decision = (
        case.rendered.judgement.scene.running,
        case.rendered.judgement.scene.decision,
    )
    known = running or (decision if decision and decision.says in ("approved", "in_part") else None)
    if known is None or not known.number:
        return
    entries = numbers.all([(known.reference, record, "")] if known.reference else [])
    yield Sentence(shown_whole(known.number), entries, words.say("earlier_number"))
