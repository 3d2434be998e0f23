"""`policy shadow`: what a candidate judged otherwise than the policies that answered, as counted so far."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

import click
import orjson

from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.settings import read_settings
from service.store import ShadowCount, Store

SHORT = 15  # characters of a hash: its name and eight digits


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the counts as a JSON list.")
def shadow(*, as_json: bool) -> None:
    """List how often a candidate (CDS_SHADOW) judged orders and criteria otherwise, from the store."""
    with failing_plainly():
        store = Store.open(read_settings().database_url)
        try:
            counts = store.shadow_counts()
        finally:
            store.close()
    if as_json:
        say(orjson.dumps([asdict(one) for one in counts], option=orjson.OPT_INDENT_2))
    else:
        say("\n".join(_lines(counts)) or "no order has been judged in shadow")


def _lines(counts: Sequence[ShadowCount]) -> Iterator[str]:
    """The counts of each pair of policies: orders first, then criteria, the most frequent first."""
    for pair, of_pair in groupby(sorted(counts, key=_pair), key=_pair):
        content, candidate_content, policy, candidate = pair
        yield f"{policy or 'requests'} ({content[:SHORT]})"
        yield f"  beside {candidate or 'candidate'} ({candidate_content[:SHORT]})"
        for one in sorted(of_pair, key=lambda one: (one.criterion != "", -one.count)):
            same = "the same: " if one.answered == one.shadow else ""
            truths = one.answered if same else f"{one.answered} -> {one.shadow}"
            yield f"  {one.count:>8}  {one.criterion or 'outcome'}: {same}{truths}"


def _pair(one: ShadowCount) -> tuple[str, ...]:
    return one.content, one.candidate_content, one.policy, one.candidate
