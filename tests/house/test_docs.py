"""The documentation names every word that a document may hold and every word that an answer may hold."""

import json
import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel
from support.paths import ROOT

from service.library import shapes
from service.library.criteria.trial import Trial
from service.library.shapes import clinical
from service.library.wording import GIVEN, PARTS
from service.policy import operators
from service.policy.truth import Reason, Way

DOCS = ROOT / "docs"
# Asked by the engine itself; no document writes them.
UNWRITTEN = {operators.Statement, operators.Outcome, operators.Exposed, operators.NotEncoded}
CLIENTS = (shapes.ClientsShape, shapes.ClientShape, shapes.KeysShape, shapes.AliasShape)


def _words(name: str) -> set[str]:
    """Every word inside code marks of a page."""
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    marked = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    return {word for one in marked for word in re.findall(r"[a-z][a-z0-9_]*", one, re.IGNORECASE)}


def _models(module: object, of: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for one in vars(module).values():
        if isinstance(one, type) and issubclass(one, of) and one is not of:
            yield one


def _keys(models: list[type[BaseModel]]) -> set[str]:
    return {field.alias or name for one in models for name, field in one.model_fields.items()}


def test_every_key_of_the_documents_is_explained() -> None:
    written = [one for one in _models(shapes, BaseModel) if one not in CLIENTS]
    assert _keys(written) - _words("language") == set()


REQUIRED = {
    "`policy.yaml`": (
        shapes.PolicyShape,
        shapes.TrialDefaultsShape,
        shapes.ReadingShape,
        shapes.IndicationShape,
        shapes.NotEncodedShape,
    ),
    "Facts": (shapes.FactShape, shapes.FactSourceShape),
    "Value sets": (shapes.ValueSetShape,),
    "Sources": (shapes.SourceShape,),
    "Regimens": (shapes.BandShape,),
}


@pytest.mark.parametrize(("heading", "models"), REQUIRED.items(), ids=list(REQUIRED))
def test_the_keys_in_bold_are_those_that_must_stand(
    heading: str, models: tuple[type[BaseModel], ...]
) -> None:
    text = (DOCS / "language.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0].split("\n### ")[0]
    rows = "\n".join(line for line in section.splitlines() if line.startswith("|"))
    needed = {
        field.alias or name
        for one in models
        for name, field in one.model_fields.items()
        if field.is_required()
    }
    assert set(re.findall(r"\*\*`(\w+)`\*\*", rows)) == needed


def test_every_key_of_therapies_pathways_notes_and_gaps_is_explained() -> None:
    assert _keys(list(_models(clinical, BaseModel))) - _words("therapies") == set()


def test_every_operator_and_its_words_are_explained() -> None:
    written = [one for one in _models(operators, operators.Operator) if one not in UNWRITTEN]
    # written as `any_of`, by indication
    assert _keys([*written, Trial]) - _words("language") == set()
    assert {*operators.NESTED, *operators.FLAGS} - _words("language") == set()


def test_every_key_of_the_clients_file_is_explained() -> None:
    assert _keys(list(CLIENTS)) - _words("clients") == set()


def test_every_word_of_an_answer_is_explained() -> None:
    schema = json.loads((ROOT / "service/web/assessment.schema.json").read_text(encoding="utf-8"))
    data = schema["properties"]["data"]["items"]["properties"]["state"]["enum"]
    outcomes = schema["properties"]["outcome"]["enum"]
    wanted = {*schema["properties"], *outcomes, *data, *map(str, Reason), *map(str, Way)}
    assert wanted - _words("answers") == set()


@pytest.mark.parametrize("card", GIVEN)
def test_every_text_of_a_card_and_its_variables_are_explained(card: str) -> None:
    told = {name.removesuffix("_detail") for name in GIVEN[card]}
    variables = {name for given in GIVEN[card].values() for name in given}
    assert (told | variables | PARTS - {"index"}) - _words("cards") == set()


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{p.name}" for p in DOCS.glob("*.md"))])
def test_every_file_that_is_named_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(
        r"(?<![\w/])(?:docs|examples|fixtures|cards|mappings|tests)/[\w./-]*\w(?!\w*[<*])", text
    )
    assert [one for one in named if not (ROOT / one).exists()] == []
