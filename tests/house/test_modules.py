"""Where things stand in service/: module names, sizes of folders, a test for each module, one class a name.

What is listed below is left from before these rules: nothing may be added, and what is put right is
taken off the list.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import quantiles

import pytest
from support.paths import ROOT

SERVICE, UNIT = ROOT / "service", ROOT / "tests/unit"
FEWEST, MOST = 5, 15

FOLDERS_OF_ANOTHER_SIZE = {
    "cli/codes": "the two commands of `codes`",
    "facts/payer": "who pays: payers, and what coverages say of them",
    "fhir/supplied": "what the request brought: bundles, versions, targets of references",
    "library/documents": "reading YAML: folders, values, lines",
    "library/clinical": "therapies, pathways and orders, and what loads them",
    "pages/difference": "four ways in which versions differ",
    "pages/words": "operators, groups and phrases in words",
    "store/statements": "what is kept of a statement, and the store of them",
    "store/migrations": "what Alembic runs; each change of the tables is a file of versions/",
}

# Types without code, and the shapes of documents, which tests/documents tests.
WITHOUT_CODE = {
    "__main__.py",
    "clinical/therapies_and_pathways.py",
    "cards/details/block_weights.py",
    "clinical/suggestions.py",
    "facts/knowledge.py",
    "facts/fact.py",
    "watch/answer_counts.py",
}
SHAPES = "library/shapes/"
# How many modules have no `tests/unit/<path>/test_<module>.py` yet. This number only goes down.
WITHOUT_A_TEST = 0


@cache
def _modules() -> tuple[Path, ...]:
    return tuple(one for one in sorted(SERVICE.rglob("*.py")) if one.name != "__init__.py")


def _name(module: Path) -> str:
    return module.relative_to(SERVICE).as_posix()


@cache
def _tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def test_two_modules_have_two_names() -> None:
    by_name = defaultdict(list)
    for one in _modules():
        by_name[one.stem].append(_name(one))
    twice = {name: of for name, of in by_name.items() if len(of) > 1}
    assert not twice, f"these modules have one name; give one of each pair another: {twice}"


def test_folder_holds_five_to_fifteen_modules() -> None:
    counted = Counter(one.parent.relative_to(SERVICE).as_posix() for one in _modules())
    odd = {folder: n for folder, n in counted.items() if not FEWEST <= n <= MOST}
    others = {folder: n for folder, n in odd.items() if folder not in FOLDERS_OF_ANOTHER_SIZE}
    assert not others, (
        f"a folder holds {FEWEST} to {MOST} modules, or says here why it does not: {others}"
    )
    usual = FOLDERS_OF_ANOTHER_SIZE.keys() - odd.keys()
    assert not usual, f"these folders are of the usual size, or gone; strike them: {usual}"


def test_module_has_a_test_of_its_own() -> None:
    missing = [
        _name(one)
        for one in _modules()
        if not (_name(one) in WITHOUT_CODE or _name(one).startswith(SHAPES))
        and not (UNIT / one.relative_to(SERVICE)).with_name(f"test_{one.name}").exists()
    ]
    assert all((SERVICE / one).is_file() for one in WITHOUT_CODE), "strike those that are gone"
    assert len(missing) <= WITHOUT_A_TEST, (
        f"{len(missing)} modules have no tests/unit/<path>/test_<module>.py, "
        f"{WITHOUT_A_TEST} at most may lack one: {missing}"
    )


def test_unit_test_stands_where_its_module_stands() -> None:
    """A test that is about several modules of a package has another home than tests/unit/<package>."""
    lost = [
        test.relative_to(UNIT).as_posix()
        for test in sorted(UNIT.rglob("test_*.py"))
        if not (SERVICE / test.relative_to(UNIT))
        .with_name(test.name.removeprefix("test_"))
        .exists()
    ]
    assert set(lost) <= OF_A_PACKAGE.keys(), f"no module in service/ of the name of these: {lost}"


OF_A_PACKAGE = {
    "cards/test_conformance.py": "every card against the rules of CDS Hooks and CRD",
    "cards/test_overrides.py": "the codes of override reasons in cards/",
}


# Modules that read a library without asking whether versions for evaluation judge, and why they may.
READ_AND_NOT_JUDGED = {
    "cli/check.py": "says what is wrong with documents",
    "cli/clients.py": "says what is wrong with a clients file",
    "cli/codes/codes_import.py": "reads documents to which codes were added",
    "cli/codes/codes_unmapped.py": "looks codes up",
    "cli/policy/show.py": "shows a version",
    "cli/policy/policy_version.py": "shows a version; `policy diff` judges by any two as if they were active",
    "cli/testing/cases.py": "judges by what is being written, whatever its state",
    "cli/testing/request_of_bundle.py": "takes the prefetch keys",
    "cli/therapy.py": "shows therapies",
    "pages/version_by_name.py": "shows a version",
}


def test_what_judges_asks_whether_versions_for_evaluation_judge() -> None:
    reads = {"load_library", "library_at_start"}
    forgotten = [
        _name(one)
        for one in _modules()
        if (called := _called(one)) & reads and "with_evaluation" not in called
    ]
    assert {*forgotten} == READ_AND_NOT_JUDGED.keys(), (
        "take library_by(settings), or say here why the state of a version does not matter"
    )


def _called(module: Path) -> set[str]:
    """The names of all functions and methods that a module calls."""
    calls = (one.func for one in ast.walk(_tree(module)) if isinstance(one, ast.Call))
    return {
        one.id if isinstance(one, ast.Name) else one.attr
        for one in calls
        if isinstance(one, ast.Name | ast.Attribute)
    }


def test_public_class_has_a_name_of_its_own() -> None:
    by_name = defaultdict(list)
    for module in _modules():
        for one in _tree(module).body:
            if isinstance(one, ast.ClassDef) and not one.name.startswith("_"):
                by_name[one.name].append(_name(module))
    twice = {name: of for name, of in by_name.items() if len(of) > 1}
    assert not twice, f"two classes bear one name; rename one of each pair: {twice}"


def _functions() -> Iterator[tuple[int, str]]:
    for module in _modules():
        for one in ast.walk(_tree(module)):
            if isinstance(one, ast.FunctionDef) and one.end_lineno is not None:
                yield one.end_lineno - one.lineno + 1, f"{_name(module)}:{one.name}"


def test_sizes_are_shown(request: pytest.FixtureRequest) -> None:
    """They are printed at the end of a run and looked at; no size fails."""
    files = [(len(one.read_text(encoding="utf-8").splitlines()), _name(one)) for one in _modules()]
    for what, sizes in (("file", files), ("function", list(_functions()))):
        ninths = quantiles((size for size, _ in sizes), n=10)
        longest = max(sizes)
        line = (
            f"{len(sizes)} {what}s of service/: half have up to {ninths[4]:.0f} lines, "
            f"nine tenths up to {ninths[8]:.0f}, the longest {longest[0]} ({longest[1]})"
        )
        request.node.user_properties.append(("sizes", line))
