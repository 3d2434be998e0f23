"""Many callers at once get what one caller gets."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from support.fakes import SIGN, FakeAdvise, hook_request, order


@pytest.mark.conforms("RESP-08")
def test_parallel_calls_get_the_same_answers_and_are_judged_one_at_a_time(
    app: Flask, advise: FakeAdvise
) -> None:
    bodies = [
        hook_request("order-sign", *(order(str(n)) for n in range(1 + size % 5)))
        for size in range(200)
    ]

    def cards(body: dict[str, object]) -> list[str]:
        answer = app.test_client().post(f"/cds-services/{SIGN}", json=body)
        return [card["summary"] for card in answer.get_json()["cards"]]

    alone = [cards(body) for body in bodies]
    with ThreadPoolExecutor(8) as callers:
        assert list(callers.map(cards, bodies)) == alone
    assert not advise.together
