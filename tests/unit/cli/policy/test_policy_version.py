"""The version that a command names."""

from datetime import date

import pytest
from support.paths import ROOT

from service.cli.policy.policy_version import day_given, version_named
from service.errors import SettingsError, UnknownPolicyError
from service.settings import read_settings

DAY = date(2026, 11, 20)


def test_a_name_and_a_folder() -> None:
    folder = ROOT / "mappings/policies/bcbsms/dupilumab/2025-10-01"
    settings = read_settings({})
    assert version_named(settings, str(folder), day=DAY).policy.payer == "bcbsms"
    with pytest.raises(UnknownPolicyError, match="there is no folder"):
        version_named(settings, "./gone", day=DAY)


def test_a_day() -> None:
    assert day_given("2026-11-20", "--as-of") == DAY
    assert day_given(None, "--as-of") is None
    with pytest.raises(SettingsError, match="--as-of"):
        day_given("soon", "--as-of")
