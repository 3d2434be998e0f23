"""A code of a value set: sure, as plain as it can be, with a word of its own."""

import pytest
from support.boundary import codes
from support.cases.run import library

from service.errors import UnknownPolicyError


def test_a_code_is_in_its_set_and_surely_means_it() -> None:
    code = codes().of("ad.tci")
    entries = library().terminology.of_code(code.system, code.code)
    assert [one.question for one in entries if one.value_set == "ad.tci"] == [False]


def test_the_plain_code_of_a_disease_has_no_grade() -> None:
    assert codes().plain("asthma.condition", "asthma").attributes == {}


def test_a_code_of_one_class_alone() -> None:
    of = frozenset({"asthma.ics", "asthma.laba"})
    code = codes().alone_in("asthma.laba", of)
    assert code is not None
    sets = {one.value_set for one in library().terminology.of_code(code.system, code.code)}
    assert "asthma.ics" not in sets


def test_a_set_without_a_code_is_said() -> None:
    assert not codes().has("no.such.set")
    with pytest.raises(UnknownPolicyError, match="no code"):
        codes().of("no.such.set")


def test_each_code_has_a_word_of_its_own() -> None:
    words = [one.word for one in codes().all_of("dupilumab")]
    assert len(words) == len(set(words))
    assert set(words) <= set(codes().words({}).codes)
