"""Pathways, considerations and what closes a gap, from their documents."""

from typing import Any

import pytest
from support.criterion_reader import messages, reader

from service.clinical.therapies_and_pathways import Pathway, Therapy, Use
from service.errors import Mistake
from service.library.clinical.clinical_reader import ClinicalReader, Problems
from service.library.clinical.pathways import (
    NOTHING_TO_CLOSE,
    KnownTherapies,
    build_gaps,
    build_notes,
    build_pathway,
)
from service.library.documents.yaml import Document
from service.library.shapes.clinical_shapes import GapsShape, NotesShape, PathwayShape

FOR_AD = {"ad": Use("approved", "adults", "L")}
KNOWN = KnownTherapies(
    {name: Therapy(name, name, "x", "drug", FOR_AD) for name in ("mometasone", "tacrolimus")},
    frozenset({"broken"}),
)
REFERENCES = {"G1": {"title": "The guideline"}}
SITUATION = {"id": "ad.failed", "says": "It failed", "cite": "G1"}


def clinical(references: Any) -> tuple[ClinicalReader, list[Mistake]]:
    base = reader()
    problems = Problems(base.mistakes, [])
    document = Document("ad.yaml")
    return ClinicalReader(document, "ad", "drug", references, base.names, problems), base.mistakes


@pytest.mark.parametrize(
    ("name", "indication", "wrong"),
    [
        ("mometasone", "ad", None),
        ("broken", "ad", None),
        ("mometason", "ad", "no therapy 'mometason'; did you mean 'mometasone'?"),
        ("mometasone", "eoe", "'mometasone' says nothing of the indication 'eoe'"),
    ],
)
def test_pathway_names_therapies_for_its_indication(
    name: str, indication: str, wrong: str | None
) -> None:
    assert KNOWN.wrong(name, indication) == wrong


def pathway(*steps: dict[str, Any]) -> tuple[Pathway, list[str]]:
    order = [{"therapy": "mometasone", "why": "it helps", "cite": "G1", **step} for step in steps]
    data = {"pathway": "ad", "drug": "drug", "references": REFERENCES}
    shape = PathwayShape.model_validate({**data, "situations": [{**SITUATION, "order": order}]})
    read_with, mistakes = clinical(shape.references)
    return build_pathway(read_with, shape, KNOWN), [mistake.what for mistake in mistakes]


def test_steps_keep_their_order_and_reason() -> None:
    built, wrong = pathway({}, {"therapy": "tacrolimus", "why": "it helps too"})
    assert wrong == []
    (situation,) = built.situations
    assert [step.why for step in situation.order] == ["it helps", "it helps too"]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"therapy": "mometason"}, "no therapy 'mometason'; did you mean 'mometasone'?"),
        ({"therapy": "broken"}, None),
        ({"cite": "G2"}, "no reference 'G2' here; did you mean 'G1'?"),
        ({"once_closed": True}, NOTHING_TO_CLOSE),
    ],
)
def test_mistake_in_a_step_is_noted(step: dict[str, Any], message: str | None) -> None:
    assert pathway(step)[1] == ([message] if message else [])


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ({"when": {"id": "ad.n.when", "says": "x", "cite": "G1", "recorded": "disease"}}, []),
        (
            {},
            ["a line has a 'when' or 'stages': what holds for everybody has no line"],
        ),
        (
            {"stages": ["responding"], "unless": ["ad.faild"]},
            ["no situation 'ad.faild'; did you mean 'ad.failed'?"],
        ),
    ],
)
def test_consideration_is_for_some_patients(line: dict[str, Any], wrong: list[str]) -> None:
    written = {"id": "ad.n", "says": "Think", "cite": "G1", "weight": 10, **line}
    data = {"notes": "ad", "drug": "drug", "references": REFERENCES, "lines": [written]}
    shape = NotesShape.model_validate(data)
    read_with, mistakes = clinical(shape.references)
    (note,) = build_notes(read_with, shape, frozenset({"ad.failed"}))
    assert (note.id, note.cite) == ("ad.n", "The guideline")
    assert [mistake.what for mistake in mistakes] == wrong


CODE = {"system": "http://x", "code": "1", "display": "EASI"}


@pytest.mark.parametrize(
    ("gaps", "wrong"),
    [
        ([{"fact": "easi", "says": "EASI", "order": CODE}], []),
        (
            [{"fact": "easi", "says": "EASI"}],
            ["'easi' has an order or is recorded, one of them"],
        ),
        (
            [{"fact": "easi", "says": "EASI", "order": CODE}] * 2,
            ["the fact 'easi' stands twice"],
        ),
        (
            [{"fact": "easy", "says": "EASI", "order": CODE}],
            ["no fact 'easy'; did you mean 'easi'?"],
        ),
    ],
)
def test_gap_is_closed_by_an_order_or_a_record(gaps: list[Any], wrong: list[str]) -> None:
    base = reader()
    shape = GapsShape.model_validate({"gaps": gaps})
    found = build_gaps(Document("gaps.yaml"), shape, base.names, base.mistakes)
    assert messages(base) == wrong
    assert found.keys() == {gap["fact"] for gap in gaps}
