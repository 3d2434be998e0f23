"""Grades, allergies, specialists and approvals."""

import pytest
from support.boundary import all_announced


@pytest.mark.parametrize(
    ("indication", "path", "id_", "cells"),
    [
        ("ad", "initial", "ad.initial.diagnosis.grade", {"met", "not_met", "conflict"}),
        (
            "pn",
            "initial",
            "common.initial.no_contraindication.hypersensitivity",
            {"met", "not_met", "unmapped"},
        ),
        ("pn", "initial", "common.initial.specialist", {"met", "attestation", "not_supplied"}),
        ("pn", "renewal", "common.renewal.previously_approved", {"met", "review", "not_held"}),
        ("pn", "initial", "common.initial.dsp_pharmacy", {"attestation"}),
    ],
)
def test_what_is_recorded(indication: str, path: str, id_: str, cells: set[str]) -> None:
    assert cells <= all_announced(indication, path, id_)
