"""Lines are added to a value set's document without touching what stands in it."""

from datetime import date

import pytest
import yaml

from service.codes.write_back import RXNORM, Addition, agreed, draft_of, extended_document
from service.errors import DocumentsError
from service.library.shapes import ValueSetShape

DAY = date(2026, 11, 21)
TEXT = f"""value_set: x
kind: drug
says: X
source:
  system: RxNorm
codes:
  {RXNORM}:
    # the first product
    - {{code: "1", display: One, ingredient: a}}
"""
NEW = Addition("codes", RXNORM, "2", "Two", {"ingredient": "a"}, "same product")
NDC = "http://hl7.org/fhir/sid/ndc"


def shape(text: str = TEXT) -> ValueSetShape:
    return ValueSetShape.model_validate(yaml.safe_load(text))


def test_line_is_added_at_the_end_of_its_list_with_the_release() -> None:
    new = extended_document("x.yaml", TEXT, [NEW], "RxNorm 2026-11", DAY)
    assert "# the first product" in new
    read = yaml.safe_load(new)
    assert [line["code"] for line in read["codes"][RXNORM]] == ["1", "2"]
    assert read["source"]["imported"] == ["RxNorm 2026-11, imported 2026-11-21"]


def test_document_without_new_lines_stays_the_same() -> None:
    assert extended_document("x.yaml", TEXT, [], "RxNorm", DAY) == TEXT


def test_document_in_a_layout_that_cannot_be_added_to_is_refused() -> None:
    inline = (
        TEXT.split("codes:", maxsplit=1)[0]
        + f"codes: {{'{RXNORM}': [{{code: '1', display: One}}]}}\n"
    )
    with pytest.raises(DocumentsError, match="nothing was written"):
        extended_document("x.yaml", inline, [NEW], "RxNorm", DAY)


def test_draft_knows_its_lines_and_what_was_left_out() -> None:
    text = (
        f"{TEXT}left_out:\n  - {{'9999': not a product}}\n  - {{why: 'code 12345 is a sample'}}\n"
    )
    draft = draft_of(shape(text), NDC)
    assert draft.ingredients == {"a"}
    assert not draft.open(RXNORM, "1")
    assert not draft.open(RXNORM, "12345")
    assert draft.open(RXNORM, "2")
    draft.add(RXNORM, "2", "Two", next(draft.of(RXNORM)), "same product")
    assert draft.added == [NEW]
    assert not draft.open(RXNORM, "2")


@pytest.mark.parametrize(
    ("known", "agree"), [({"ingredient": "a"}, True), ({"ingredient": "b"}, False)]
)
def test_lines_agree_if_all_their_keys_do(known: dict[str, str], *, agree: bool) -> None:
    other = NEW._replace(code="3", known=known)
    assert agreed([NEW, other]) == (NEW if agree else None)
    assert agreed([]) is None
