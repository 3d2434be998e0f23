"""Which names of the documents a longer text holds: none that people bear."""

from support.recordings import words

OWN = "Amara Okafor"


def test_the_names_that_a_longer_text_holds() -> None:
    assert words().names.names_in(f"{OWN} atopic dermatitis, {OWN}") == ("atopic dermatitis",)
    assert words().names.drugs_in(f"Dupixent for {OWN} Brown") == ("dupixent",)


def test_the_words_of_payers_that_a_text_holds() -> None:
    found = {*words().names.payer_words_in(f"BlueCross of Mississippi {OWN}")}
    assert {"blue", "mississippi"} <= found
    assert words().names.payer_words_in(OWN) == ()


def test_the_plan_that_a_payer_leaves_to_others() -> None:
    assert words().names.part_of("State Health Plan of Amara") == "State Health Plan"
    assert words().names.part_of(OWN) is None
