"""Where a call is computed: in this process, or in the second one if it is large or takes long."""

from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from flask import Flask
from support.fakes import SIGN, FakeAdvice, empty_library, hook_request, order, settings

from service.app import create_app
from service.cpu_limit import CpuShareError
from service.errors import RequestError
from service.web.computing import SMALL, answered, compute
from service.web.runtime import Computed, Runtime, ServiceCall

BODY = orjson.dumps(hook_request())
ELSEWHERE = Computed("order-sign", b"elsewhere", [])


@dataclass
class Second:
    """A second process that only notes what it is asked."""

    asked: list[ServiceCall] = field(default_factory=list)

    def computed(self, call: ServiceCall) -> Computed:
        """Always the same."""
        self.asked.append(call)
        return ELSEWHERE

    def drawn(self, spec: bytes) -> str:
        """No call of these tests has a picture."""
        raise NotImplementedError(spec)


def endless(_library: Any, request: Any, *_: Any) -> FakeAdvice:
    """Advice that takes until its share of CPU time is over."""
    while True:
        request.share.check()


def quick(*_: Any) -> FakeAdvice:
    """Advice at once."""
    return FakeAdvice()


def runtime(tmp_path: Any, advise: Any, second: Any) -> Runtime:
    app: Flask = create_app(
        settings(tmp_path, cpu_seconds=0.1), library=empty_library(), advise=advise
    )
    made: Runtime = app.extensions["runtime"]
    made.second = second
    return made


def test_small_call_is_computed_here(tmp_path: Any) -> None:
    second = Second()
    computed = answered(runtime(tmp_path, quick, second), ServiceCall(SIGN, "local", BODY))
    assert (computed.hook, computed.cards, second.asked) == ("order-sign", b'{"cards":[]}', [])


def test_large_call_is_computed_in_the_second_process(tmp_path: Any) -> None:
    second = Second()
    call = ServiceCall(SIGN, "local", BODY + b" " * SMALL)
    assert answered(runtime(tmp_path, quick, second), call) is ELSEWHERE
    assert second.asked == [call]


@pytest.mark.parametrize(("more", "is_asked"), [(1, True), (0, False)])
def test_call_with_several_orders_is_large_sooner(tmp_path: Any, more: int, is_asked: bool) -> None:
    second, body = Second(), orjson.dumps(hook_request("order-sign", order("1"), order("2")))
    body += b" " * (SMALL // 2 - len(body) + more)
    answered(runtime(tmp_path, quick, second), ServiceCall(SIGN, "local", body))
    assert bool(second.asked) is is_asked


def test_call_that_takes_long_is_begun_again_in_the_second_process(tmp_path: Any) -> None:
    second, call = Second(), ServiceCall(SIGN, "local", BODY)
    assert answered(runtime(tmp_path, endless, second), call) is ELSEWHERE
    assert second.asked == [call]


def test_without_a_second_process_a_call_has_its_whole_share_here(tmp_path: Any) -> None:
    with pytest.raises(CpuShareError, match=r"its share of 0\.1 s"):
        answered(runtime(tmp_path, endless, None), ServiceCall(SIGN, "local", BODY))


def test_wrong_call_is_refused_and_not_begun_again(tmp_path: Any) -> None:
    second = Second()
    with pytest.raises(RequestError, match="strict JSON"):
        answered(runtime(tmp_path, quick, second), ServiceCall(SIGN, "local", b"{"))
    assert second.asked == []


def test_turn_is_free_after_a_refusal(tmp_path: Any) -> None:
    made = runtime(tmp_path, endless, None)
    with pytest.raises(CpuShareError):
        compute(made, ServiceCall(SIGN, "local", BODY), 0.01)
    assert not made.turns.taken


def test_call_that_had_its_whole_share_here_is_not_begun_again(tmp_path: Any) -> None:
    def fetched(*_: Any) -> FakeAdvice:
        raise CpuShareError(0.1)

    second = Second()
    with pytest.raises(CpuShareError):
        answered(runtime(tmp_path, fetched, second), ServiceCall(SIGN, "local", BODY))
    assert second.asked == []
