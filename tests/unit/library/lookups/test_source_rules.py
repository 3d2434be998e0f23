"""Paths of a source are compiled once; what cannot be read is a mistake."""

from support.changed_documents import shipped, shipped_names

from service.errors import Mistake
from service.library.documents.folders import read_shapes
from service.library.documents.yaml import Document
from service.library.lookups.source_rules import Paths, build_source
from service.library.shapes import SourceShape


def test_path_becomes_its_steps() -> None:
    mistakes: list[Mistake] = []
    paths = Paths(Document("x.yaml"), mistakes)
    assert paths.compiled("$.code.text", ("at",)) != paths.compiled("$.code", ("at",))
    assert len(paths.all_compiled(("$.code", "$.category"), "concepts")) == 2
    assert mistakes == []


def test_path_that_cannot_be_read_is_a_mistake_and_empty() -> None:
    mistakes: list[Mistake] = []
    assert Paths(Document("x.yaml"), mistakes).compiled("$.code[", ("at",)) == ()
    assert len(mistakes) == 1


def test_source_is_built_from_its_document() -> None:
    mistakes: list[Mistake] = []
    document, shape = read_shapes(shipped(), "sources", SourceShape, "source", mistakes).read[
        "claims"
    ]
    names = shipped_names()
    source = build_source(document, shape, names.value_sets, names.facts.values(), mistakes)
    assert mistakes == []
    assert (source.type, source.kind) == ("ExplanationOfBenefit", "claim")
    wrong = shape.model_copy(update={"concepts": ("$.[",)})
    build_source(document, wrong, names.value_sets, names.facts.values(), mistakes)
    assert mistakes
