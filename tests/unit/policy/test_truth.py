"""Three values: every cell of the truth tables, against their definition by completions."""

from itertools import product

import pytest
from support.trees import ALL, KNOWN

from service.policy.truth import Truth, at_least, choose, negate


@pytest.mark.parametrize(("test", "yes", "no"), list(product(ALL, repeat=3)))
def test_choice_is_known_when_the_branches_still_possible_agree(
    test: Truth, yes: Truth, no: Truth
) -> None:
    branches = {Truth.MET: {yes}, Truth.NOT_MET: {no}}.get(test, {yes, no})
    expected = branches.pop() if len(branches) == 1 else Truth.UNKNOWN
    assert choose(test, yes, no) is expected


@pytest.mark.parametrize("truths", list(product(ALL, repeat=3)))
@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_count_is_known_when_all_completions_agree(n: int, truths: tuple[Truth, ...]) -> None:
    options = [KNOWN if truth is Truth.UNKNOWN else (truth,) for truth in truths]
    outcomes = {sum(t is Truth.MET for t in one) >= n for one in product(*options)}
    expected = (
        Truth.UNKNOWN if len(outcomes) > 1 else Truth.MET if True in outcomes else Truth.NOT_MET
    )
    assert at_least(n, truths) is expected


@pytest.mark.parametrize(
    ("truth", "negated"),
    [(Truth.MET, Truth.NOT_MET), (Truth.NOT_MET, Truth.MET), (Truth.UNKNOWN, Truth.UNKNOWN)],
)
def test_negation_turns_known_values_and_leaves_unknown(truth: Truth, negated: Truth) -> None:
    assert negate(truth) is negated
