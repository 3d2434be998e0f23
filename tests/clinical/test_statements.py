"""Every statement of the seed cases is shown by a case, or says where else or why not."""

from pathlib import Path

import yaml
from clinical.run import all_cases

STATEMENTS = yaml.safe_load(Path(__file__).with_name("statements.yaml").read_text("utf-8"))


def test_each_statement_is_shown() -> None:
    shown = {one for case in all_cases() for one in case.shows}
    assert shown == set(STATEMENTS["shown_by_cases"])
    assert shown.isdisjoint(STATEMENTS["otherwise"])
