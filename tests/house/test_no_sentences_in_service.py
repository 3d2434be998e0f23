"""No sentence for a clinician stands in the code: `cards/` and `mappings/` have the words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.paths import ROOT

from service.cards.alternatives_card import REASONS
from service.cards.details.alternatives_detail import CARD as ALTERNATIVES
from service.cards.misses import KINDS

SERVICE = ROOT / "service"
PACKAGES = ("facts", "clinical", "policy", "advise", "cards")
WORD = re.compile(r"[A-Za-z]{2,}")
# What stands in the code all the same, and why.
ALLOWED = {
    **dict.fromkeys(
        (
            "On the drug for at least {}",
            "Approved before, and on the drug for long enough",
            "Renewal if this payer approved the drug before, otherwise initial",
            "The criteria of the indication",
            "{} criteria",
        ),
        "titles of the groups that every policy has, on its page too",
    ),
    **dict.fromkeys(
        ("{} mg every {} days", "Loading dose: {} mg once"),
        "the text of a dosage in a FHIR order, beside the same in figures",
    ),
    **dict.fromkeys(
        ("Optional Therapy Alternatives", "Coverage Information"),
        "displays of the code system of card types (CDS Hooks)",
    ),
    **dict.fromkeys(
        (
            "context.draftOrders: more than {} orders for one drug",
            (
                "prefetch.patient: the patient was neither prefetched nor could be fetched; that takes "
                "a fhirServer that is listed for this client, and fhirAuthorization.access_token"
            ),
        ),
        "errors of a request, for those who send it",
    ),
    (
        "no Coverage of a payer whose policies are known here came with the call or could be fetched; "
        "this version of CRD asks to refuse such a call"
    ): "an error of a request, for those who send it",
    "not sent": "a code that stands for a diagnosis without one; never shown",
    "^\\d+ actuat ": "a pattern of names",
    **dict.fromkeys(
        (
            (
                r"(?:(?P<amount>[\d.]+) (?P<counted>ACTUAT|ML|HR) )?(?P<name>\D.*?) "
                r"(?P<strength>\d[\d.]*) (?P<unit>MG(?:/(?:ML|MG|ACTUAT))?)(?: (?P<form>\D.*))?"
            ),
            r" \((?:disorder|finding|procedure|situation|regime/therapy|product|substance)\)$",
            " mg",
        ),
        "how RxNorm and SNOMED CT write names, and the unit of a strength",
    ),
    " to ": "how a range of days is written",
    " and ": "joins names of payers as they were sent",
}


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _annotations(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if (written := getattr(node, name, None)) is not None:
                yield from ast.walk(written)


def _pieces(tree: ast.AST) -> Iterator[ast.AST]:
    """The constants inside f-strings, which are read as parts of the whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from (one for one in node.values if isinstance(one, ast.Constant))
            yield from (
                part
                for one in node.values
                if isinstance(one, ast.FormattedValue) and one.format_spec is not None
                for part in ast.walk(one.format_spec)
            )


def _errors(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            yield from ast.walk(node)


def _text(node: ast.AST) -> str | None:
    """A string as it stands in the code, each value in it as `{}`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else "{}" for one in node.values)
        return "".join(map(str, parts))
    return None


def _is_prose(text: str) -> bool:
    """A word with a space beside it, and something behind that space."""
    return " " in text and bool(WORD.search(text))


def sentences(code: str) -> list[str]:
    """The strings of some code that read as a sentence or a part of one."""
    tree = ast.parse(code)
    kinds = (_docstrings, _annotations, _pieces, _errors)
    apart = {id(one) for kind in kinds for one in kind(tree)}
    texts = (_text(node) for node in ast.walk(tree) if id(node) not in apart)
    return [one for one in texts if one is not None and _is_prose(one)]


def _files() -> list[Path]:
    return [path for name in PACKAGES for path in sorted((SERVICE / name).rglob("*.py"))]


@pytest.mark.parametrize("path", _files(), ids=lambda path: str(path.relative_to(SERVICE)))
def test_a_sentence_for_a_card_stands_in_cards_or_mappings(path: Path) -> None:
    found = sentences(path.read_text(encoding="utf-8"))
    assert [one for one in found if one not in ALLOWED] == []


def test_each_exception_is_still_needed() -> None:
    found = {one for path in _files() for one in sentences(path.read_text(encoding="utf-8"))}
    assert set(ALLOWED) - found == set()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('MISS = "no dose so far"', ["no dose so far"]),
        ('miss = f"first dose {day}"', ["first dose {}"]),
        ("miss = f\"{count} {'entry' if one else 'not sent'}\"", ["not sent"]),
        ('" and ".join(names)', [" and "]),
        ('def asked() -> "str | None":\n    """Whether it was asked."""', []),
        ('raise ValueError("no such unit")', []),
        ('remark("first_dose_on", day=day)', []),
        ('f"{value} ({date})"', []),
    ],
)
def test_prose_is_told_from_names(code: str, found: list[str]) -> None:
    assert sentences(code) == found


def _kinds(code: str) -> Iterator[tuple[str, frozenset[str] | None]]:
    """The kinds of the remarks that some code makes; what each gives, where that stands there."""
    for node in ast.walk(ast.parse(code)):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", None) == "remark"):
            continue
        kind = node.args[0]
        assert isinstance(kind, ast.Constant), "a remark has its kind written out"
        names = [one.arg for one in node.keywords]
        given = frozenset(one for one in names if one is not None)
        yield str(kind.value), given if len(given) == len(names) else None


def test_the_code_makes_the_kinds_of_remarks_that_have_a_text_and_gives_their_values() -> None:
    texts = {
        **KINDS,
        **{f"{ALTERNATIVES}.{name}": dict.fromkeys(given) for name, given in REASONS.items()},
    }
    made = [one for path in _files() for one in _kinds(path.read_text(encoding="utf-8"))]
    assert {kind for kind, _ in made} == set(texts)
    wrong = [(kind, set(given)) for kind, given in made if given not in (None, set(texts[kind]))]
    assert wrong == []
