"""Every remark has a text, and every text is of a remark and names only its values."""

import pytest
import yaml
from support.cases.run import library
from support.paths import ROOT

from service.cards.misses import KINDS
from service.policy.finding import remark

TEXTS = yaml.safe_load((ROOT / "cards/misses.yaml").read_text(encoding="utf-8"))


def test_kind_and_text_are_in_pairs() -> None:
    written = {name for part in TEXTS.values() if isinstance(part, dict) for name in part}
    assert KINDS.keys() <= written | TEXTS.keys()


@pytest.mark.parametrize("sample", [0, 1])
def test_text_can_be_filled_with_full_and_with_empty_values(sample: int) -> None:
    wording = library().wording
    for kind, values in KINDS.items():
        text = wording.text(remark(kind, **{name: each[sample] for name, each in values.items()}))
        assert isinstance(text, str)
        assert "{" not in text


def test_value_is_in_the_text_that_names_it() -> None:
    assert "2027-08-31" in library().wording.text(remark("since", day="2027-08-31"))
