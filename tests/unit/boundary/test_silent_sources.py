"""What silence leaves open, and what a statement settles."""

from support.boundary import all_announced, leaf, scene, wrong

from service.boundary.silent_sources import silent, stated


def test_what_only_the_prescriber_knows() -> None:
    cells = all_announced("pn", "renewal", "pn.renewal.response.itch.excoriations")
    assert cells == {"met", "not_met", "attestation", "conflict"}


def test_a_list_that_was_not_sent_came_in_part_or_proves_nothing() -> None:
    of = scene("ad", "initial")
    asked = leaf(of, "ad.initial.severity.bsa10")
    made = list(silent(of, asked, of.fact("ad.bsa").sources, of.patient()))
    assert [str(one.reason) for one in made] == ["not_supplied", "incomplete", "not_found"]
    assert [line for one in made for line in wrong(of, one)] == []


def test_a_statement_where_the_record_is_silent() -> None:
    of = scene("ad", "initial")
    asked = leaf(of, "ad.initial.severity.bsa10")
    made = list(stated(of, asked, of.patient(), None))
    assert [str(one.truth) for one in made] == ["met", "not_met"]
    assert [line for one in made for line in wrong(of, one)] == []
