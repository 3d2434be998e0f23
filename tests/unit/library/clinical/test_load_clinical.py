"""Therapies, pathways, notes and gaps, and what they name in each other."""

from pathlib import Path

import pytest
from support.changed_documents import changed, shipped, shipped_names

from service.clinical.therapies_and_pathways import Clinical
from service.errors import Mistake
from service.library.clinical.load_clinical import load_clinical
from service.library.documents.folders import Documents

INDICATIONS = frozenset({"ad", "asthma", "copd", "crswnp", "eoe", "pn"})


def loaded(
    documents: Documents, indications: frozenset[str] | None = INDICATIONS
) -> tuple[Clinical, list[str]]:
    mistakes: list[Mistake] = []
    clinical = load_clinical(documents, shipped_names(), indications, mistakes, [])
    return clinical, [mistake.what for mistake in mistakes]


def test_shipped_documents_name_what_there_is() -> None:
    clinical, wrong = loaded(shipped())
    assert wrong == []
    steps = {
        step.therapy
        for pathway in clinical.pathways.values()
        for situation in pathway.situations
        for step in situation.order
    }
    assert steps
    assert steps <= clinical.therapies.keys()


def test_folders_may_be_missing() -> None:
    documents = shipped()
    for folder in ("therapies", "pathways", "notes"):
        documents = documents.without(f"mappings/{folder}")
    clinical, wrong = loaded(documents)
    assert wrong == []
    assert (len(clinical.therapies), len(clinical.pathways)) == (0, 0)


def test_indication_must_be_one_of_a_policy_if_all_policies_could_be_read() -> None:
    assert loaded(shipped(), None)[1] == []
    assert any("'pn'" in message for message in loaded(shipped(), INDICATIONS - {"pn"})[1])


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "mappings/therapies/abrocitinib.yaml",
            "therapy: abrocitinib\n",
            "therapy: abrocitinib\nknid: drug\n",
            "unknown key 'knid'; did you mean 'kind'?",
        ),
        (
            "mappings/notes/ad.yaml",
            "drug: dupilumab",
            "drug: dupilumb",
            "no served drug 'dupilumb'; did you mean 'dupilumab'?",
        ),
    ],
)
def test_mistake_in_a_document_is_told(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    assert message in loaded(changed(tmp_path, file, old, new))[1]
