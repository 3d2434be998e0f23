"""The name of the user of a launch."""

import pytest

from service.web.launch.authors import person_name


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ({"name": [{"text": "Dr. One"}]}, "Dr. One"),
        ({"name": [{"prefix": ["Dr."], "given": ["A.", "B."], "family": "C."}]}, "Dr. A. B. C."),
        ({"name": [{}, {"family": "Okafor"}]}, "Okafor"),
        ({"name": "Okafor"}, ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_name_is_written_as_one_reads_it(resource: dict[str, object] | None, name: str) -> None:
    assert person_name(resource) == name
