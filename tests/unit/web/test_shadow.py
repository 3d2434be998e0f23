"""A candidate beside the documents that serve: what it judges otherwise is counted, and answers stay."""

from dataclasses import replace
from datetime import date

from support.paths import ROOT

from service.app import create_app
from service.cds.request import AsOf
from service.library.library import Library
from service.policy.model import State
from service.settings import read_settings
from service.store import Store
from service.web.runtime import Runtime
from service.web.shadow import ShadowCall

BODY = (ROOT / "fixtures/p001-initial.json").read_bytes()
SIGN = "dupilumab-order-sign"
CALL = ShadowCall(SIGN, "local", BODY, AsOf("day", date(2026, 11, 21)))
NAME = "bcbsms/L.5.01.513@2025-10-01"
LEAF = "common.initial.dsp_pharmacy"


def drafted(serving: Library) -> Library:
    """The library with a draft of the shipped policy that does not ask for the pharmacy."""
    (policy,) = serving.policies
    kept = tuple(one for one in policy.common_initial if LEAF not in one.id)
    assert len(kept) < len(policy.common_initial)
    draft = replace(policy, effective=date(2027, 1, 1), state=State.DRAFT, common_initial=kept)
    return replace(serving, policies=(policy, draft))


def app_of(serving: Library, store: Store) -> Runtime:
    app = create_app(read_settings({"CDS_AS_OF": "2026-11-21"}), library=serving, store=store)
    runtime: Runtime = app.extensions["runtime"]
    return runtime
