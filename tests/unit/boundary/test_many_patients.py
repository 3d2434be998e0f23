"""Many patients: the same for the same seed, each with ids of its own."""

import orjson
import pytest
from support.boundary import POLICY
from support.cases.run import library

from service.boundary import many_patients as exported
from service.boundary.many_patients import GeneratedPatient, many_patients


@pytest.fixture(scope="module")
def patients() -> list[GeneratedPatient]:
    return list(many_patients(library(), POLICY, 3, resources=60, seed=5))


def test_each_has_so_many_resources_and_ids_of_its_own(patients: list[GeneratedPatient]) -> None:
    assert exported is many_patients
    assert [len(one.types) for one in patients] == [60, 60, 60]
    ids = [resource["id"] for one in patients for resource in one.resources]
    assert len(ids) == len(set(ids))


def test_references_lead_to_the_patient(patients: list[GeneratedPatient]) -> None:
    one = patients[0]
    subjects = {
        resource[key]["reference"]
        for resource in one.resources
        for key in ("subject", "patient", "beneficiary")
        if key in resource
    }
    assert subjects == {f"Patient/{one.id}"}


def test_each_line_is_one_resource(patients: list[GeneratedPatient]) -> None:
    for type_, line in patients[1].lines():
        assert orjson.loads(line)["resourceType"] == type_
