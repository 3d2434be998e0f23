"""Codes of an element that is bound to one system, where the sender leaves the system out."""

import pytest

from service.fhir.bound import with_system
from service.library import Library

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


@pytest.mark.parametrize(
    ("sent", "completed"),
    [
        (
            {"coding": [{"code": "1876376"}, {"system": "x", "code": "y"}]},
            {"coding": [{"code": "1876376", "system": RXNORM}, {"system": "x", "code": "y"}]},
        ),
        ({"code": "1876376"}, {"code": "1876376", "system": RXNORM}),
        ("1876376", {"system": RXNORM, "code": "1876376"}),
        ("some cream", {"text": "some cream"}),
        ({"text": "some cream"}, {"text": "some cream"}),
        ({"coding": [None, {"display": "x"}]}, {"coding": [None, {"display": "x"}]}),
        (5, 5),
        (None, None),
    ],
)
def test_missing_system_is_added(library: Library, sent: object, completed: object) -> None:
    assert with_system(sent, RXNORM, library.terminology) == completed


def test_concept_that_says_its_system_and_element_without_a_binding_stay_the_same(
    library: Library,
) -> None:
    said = {"system": "x", "code": "y"}
    assert with_system(said, RXNORM, library.terminology) is said
    bare = {"code": "1876376"}
    assert with_system(bare, None, library.terminology) is bare
