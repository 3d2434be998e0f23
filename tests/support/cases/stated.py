"""What a case states: every id is a criterion of the policy whose questions are answered."""

from collections.abc import Iterator

from support.cases.documents import CaseError
from support.cases.request import stated
from support.cases.run import Case, wrong

from service.library import Library
from service.policy.model import Policy, walk


def judged(case: Case, known: Library) -> list[str]:
    """As `wrong`; a case that states something of no criterion is refused, for it would say nothing."""
    check_stated(case, known)
    return wrong(case, known)


def check_stated(case: Case, known: Library) -> None:
    """Refuses a case that names no version of the library, or states something of no criterion of it."""
    if "policy" in case.given:
        _of_version(case, known, case.given["policy"])
    for version, id_ in stated(case.given):
        policies = _of_version(case, known, version)
        if id_ not in {found for one in policies for found in _ids(one)}:
            raise CaseError(f"{case.file}: {case.says}: '{id_}' is no criterion of {version}")


def _of_version(case: Case, known: Library, version: str) -> list[Policy]:
    """The policies of a version that a case names; one that is not there is refused."""
    found = [one for one in known.policies if f"{one.id}@{one.effective}" == version]
    if not found:
        raise CaseError(f"{case.file}: {case.says}: no policy '{version}'")
    return found


def _ids(policy: Policy) -> Iterator[str]:
    about = policy.indications.values()
    trees = [tree for one in about for tree in (one.initial, one.renewal)]
    for tree in [*trees, *policy.common_initial, *policy.common_renewal]:
        yield from (one.id for one in walk(tree)) if tree is not None else ()
