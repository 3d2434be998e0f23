"""The public schema of the assessment allows exactly the words that the code can give."""

import json
from typing import Any, get_args

import pytest
from support.paths import ROOT

from service.facts.payer.coverage_reading import Use
from service.fhir.supplied.bundle import State
from service.policy.assessment import Outcome
from service.policy.model import Op
from service.policy.truth import Reason, Truth, Way

SCHEMA = json.loads((ROOT / "service/web/assessment.schema.json").read_bytes())
MEMBERS = SCHEMA["properties"]
CRITERION = SCHEMA["$defs"]["criterion"]["properties"]
WORDS: dict[str, tuple[Any, set[str]]] = {
    "outcome": (MEMBERS["outcome"], {str(one) for one in Outcome}),
    "awaits": (MEMBERS["awaits"]["items"], {str(one) for one in Way}),
    "use of a coverage": (MEMBERS["coverages"]["items"]["properties"]["use"], {*get_args(Use)}),
    "state of a key": (
        MEMBERS["data"]["items"]["properties"]["state"],
        {str(one) for one in State},
    ),
    "truth": (SCHEMA["$defs"]["truth"], {str(one) for one in Truth}),
    "group": (CRITERION["op"], {str(one) for one in Op} - {str(Op.LEAF)}),
    "reason": (CRITERION["reason"], {str(one) for one in Reason}),
}


@pytest.mark.parametrize(("allowed", "given"), WORDS.values(), ids=WORDS)
def test_schema_allows_what_the_code_gives(allowed: dict[str, Any], given: set[str]) -> None:
    assert {one for one in allowed["enum"] if one is not None} == given
