"""Products by their plain name, days without what goes without saying."""

from datetime import date

import pytest
from support.cases.run import library

from service.cards.plain_names import InShort
from service.policy.finding import Evidence, remark

BRIEF = InShort(library().wording, date(2026, 11, 21))
INHALER = (
    "60 ACTUAT fluticasone propionate 0.5 MG/ACTUAT / salmeterol 0.05 MG/ACTUAT "
    "Dry Powder Inhaler [Wixela]"
)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        (INHALER, "fluticasone/salmeterol 500/50"),
        ("tacrolimus 0.001 MG/MG Topical Ointment", "tacrolimus ointment 0.1 %"),
        ("clobetasol propionate 0.5 MG/ML Topical Cream [Temovate]", "clobetasol cream 0.05 %"),
        ("prednisone 20 MG Oral Tablet", "prednisone 20 mg"),
        ("0.4 ML adalimumab 100 MG/ML Auto-Injector [Humira]", "adalimumab 40 mg"),
        ("12 HR theophylline 300 MG Extended Release Oral Tablet", "theophylline 300 mg"),
        (
            "sodium bicarbonate 84 MG / omeprazole 2 MG Oral Suspension",
            "sodium bicarbonate/omeprazole 84/2 mg",
        ),
        ("voriconazole 40 MG/ML Oral Suspension", "voriconazole 40 mg/mL"),
        ("Severe persistent asthma (disorder)", "Severe persistent asthma"),
        ("a tablet 5 MG / a drop 3 MG/ML Kit", "a tablet 5 MG / a drop 3 MG/ML Kit"),
        ("a name in words", "a name in words"),
        (f"{'x' * 200} 5 MG Oral Tablet", f"{'x' * 200} 5 MG Oral Tablet"),
        ("", ""),
    ],
)
def test_a_product_is_called_by_its_ingredients_and_strength(name: str, plain: str) -> None:
    assert BRIEF.text(name) == plain


def test_a_fill_is_called_by_its_product_and_what_is_in_doubt() -> None:
    fill = remark("handed_over", name=INHALER, days=30, dose="1000", interval=None, doubt=None)
    assert BRIEF.text(fill) == "fluticasone/salmeterol 500/50"
    doubtful = remark("handed_over", name="x 5 MG Oral Tablet", doubt=remark("fill_taken_back"))
    assert BRIEF.text(doubtful) == "x 5 mg, perhaps taken back"
    assert (
        BRIEF.text(remark("listed_at_dose", name="x 5 MG Oral Tablet", dose="9"))
        == "x 5 mg (listed)"
    )


@pytest.mark.parametrize(
    ("day", "short"),
    [
        ("2026-11-10", "x, Nov 10"),
        ("2025-01-02", "x, Jan 2, 2025"),
        ("2026-03-01 to 2026-06-30", "x, Mar 1 to Jun 30"),
        ("2026-03-01 to ?", "x, since Mar 1"),
        ("? to 2026-03-01", "x, until Mar 1"),
        ("2026-03", "x, 2026-03"),
        ("2026-13-01", "x, 2026-13-01"),
        (None, "x"),
    ],
)
def test_a_day_of_this_year_has_no_year(day: str | None, short: str) -> None:
    assert BRIEF.evidence(Evidence(None, day, "x", "record")) == short
