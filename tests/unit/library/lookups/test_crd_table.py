"""`crd.yaml` as answers are made from it."""

from support.cases.run import library


def test_codes_of_a_line_are_those_of_its_version() -> None:
    document = library().crd
    assert document is not None
    assert document.versions["2.0"].lines["unknown_not_supplied"].covered == "conditional"
    assert document.versions["2.2"].lines["unknown_not_supplied"].reason == "technical"
    assert document.versions["2.2"].lines["unknown_attestation"].form
    assert [one.code for one in document.options if one.type == "integer"] == ["max-cards"]


def test_discovery_shows_each_option_without_what_it_is_about() -> None:
    support = library().crd_support
    assert support is not None
    assert list(support.versions) == ["2.0", "2.1", "2.2"]
    assert all("about" not in option for option in support.options)
