"""How a person or an organization is called."""

import pytest

from service.fhir.values.human_name import name_of


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ({"name": [{"text": "Dr. One", "family": "One"}]}, "Dr. One"),
        ({"name": [{"prefix": ["Dr."], "given": ["A.", "B."], "family": "C."}]}, "Dr. A. B. C."),
        ({"name": [{"given": ["A", "B"], "family": "C", "suffix": ["MD"]}]}, "A B C MD"),
        ({"name": {"given": "A", "family": "C"}}, "A C"),
        ({"name": [{}, {"given": [None, " "], "family": "Okafor"}]}, "Okafor"),
        ({"name": "An organization"}, "An organization"),
        ({"name": [7]}, ""),
        ({}, ""),
    ],
)
def test_name_is_written_as_one_reads_it(resource: dict[str, object], name: str) -> None:
    assert name_of(resource) == name
