"""A folder of a policy becomes a version, or its mistakes."""

from pathlib import Path

import pytest
from support.changed_documents import changed, shipped, shipped_names

from service.errors import Mistake
from service.library.documents.folders import Documents
from service.library.policies.policy_versions import VersionRead, load_policies, load_version

FOLDER = "mappings/policies/bcbsms/dupilumab/2025-10-01"


def read(documents: Documents) -> VersionRead:
    return load_version(documents, FOLDER, shipped_names())


def test_shipped_version_has_its_criteria_for_each_indication() -> None:
    version = read(shipped())
    assert version.mistakes == ()
    assert version.policy is not None
    assert version.policy.drug == "dupilumab"
    encoded = [one for one in version.policy.indications.values() if not one.not_encoded]
    assert encoded
    assert all(one.initial and one.renewal for one in encoded)


def test_every_version_is_loaded() -> None:
    mistakes: list[Mistake] = []
    policies = load_policies(shipped(), shipped_names(), mistakes)
    assert (mistakes, policies.whole) == ([], True)
    assert [policy.effective.isoformat() for policy in policies.versions] == ["2025-10-01"]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "ad.yaml",
            "fact: ad.bsa\n",
            "fact: ad.bsaa\n",
            "no fact 'ad.bsaa'; did you mean 'ad.bsa'?",
        ),
        (
            "policy.yaml",
            "payer: bcbsms\n",
            "payer: bcbs\n",
            "no payer 'bcbs'; did you mean 'bcbsms'?",
        ),
        ("policy.yaml", "effective: 2025-10-01", "effective: soon", "effective is a day"),
    ],
)
def test_mistake_of_one_file_is_told_and_no_version_is_used(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    version = read(changed(tmp_path, f"{FOLDER}/{file}", old, new))
    assert any(mistake.what.startswith(message) for mistake in version.mistakes)
    mistakes: list[Mistake] = []
    documents = changed(tmp_path, f"{FOLDER}/{file}", old, new)
    load_policies(documents, shipped_names(), mistakes)
    assert mistakes
